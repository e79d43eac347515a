"""What an environment has otherwise than the one before it, and since when."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from collections.abc import Iterable, Mapping

from packaging.version import InvalidVersion, Version

from scaffold.overview import history
from scaffold.report.page.nouns import Cell, Stage


def compared(cells: Mapping[str, Cell], stages: Iterable[Stage], today: datetime.date) -> dict[str, Cell]:
    """The cells of an application, by environment, with what of them is behind or ahead of the environment before."""
    result: dict[str, Cell] = dict(cells)
    present = [cells[stage.name] for stage in stages if stage.name in cells]
    for before, cell in itertools.pairwise(present):
        result[cell.environment] = _beside(before, cell, today)
    return result


def _beside(before: Cell, cell: Cell, today: datetime.date) -> Cell:
    theirs, ours = dict(before.versions), dict(cell.versions)
    differing = [name for name in sorted(ours) if theirs.get(name, ours[name]) != ours[name]]
    behind = {name for name in differing if not _is_later(ours[name], theirs[name], before, cell)}
    return dataclasses.replace(
        cell,
        behind=tuple(f"{name} {theirs[name]}" for name in differing if name in behind),
        ahead=tuple(f"{name} {theirs[name]}" for name in differing if name not in behind),
        lag=history.days(before.since, today) if behind else None,
    )


def _is_later(ours: str, theirs: str, before: Cell, cell: Cell) -> bool:
    """Whether ours is the later version: by number where both have one, else by who was written last."""
    try:
        return Version(ours) > Version(theirs)
    except InvalidVersion:
        return bool(cell.since and before.since and cell.since.date > before.since.date)
