"""The commit message of promotions, and their versions as a table."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from scaffold.bump import provenance
from scaffold.promote.promoting import Promotion


def message(promotions: Sequence[Promotion]) -> str:
    """Title, the versions before and after, what changes where, and trailers that the next environment reads."""
    first = promotions[0]
    what = first.name if len(promotions) == 1 else f"{len(promotions)} applications"
    body = "\n\n".join("\n".join(_body(item)) for item in promotions)
    return f"Promote {what} to {first.overlay.environment}\n\n{body}\n\n" + "\n".join(_trailers(promotions)) + "\n"


def _body(item: Promotion) -> Iterator[str]:
    yield from table(item)
    yield ""
    yield from (str(move) for move in item.moves)
    yield from (f"{item.overlay.path}/{name}: as in {item.origins[0].name}" for name in item.patches)
    yield from brought(item)
    yield from item.notes


def brought(item: Promotion) -> list[str]:
    """Where files go along, a line for each part of the tree."""
    parts: dict[str, list[str]] = {}
    for path in item.brought:
        parts.setdefault(path.partition("/")[0], []).append(path)
    common = (posixpath.commonpath(paths) for paths in parts.values())
    return [f"{path}: as in {item.origins[0].name}" for path in common]


def table(item: Promotion) -> list[str]:
    """The versions of an application, a column for each environment."""
    environments = list(dict.fromkeys(name for row in item.versions.values() for name in row))
    rows = [[item.name, *environments], *(_row(name, row, environments) for name, row in item.versions.items())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _row(name: str, row: Mapping[str, str], environments: Sequence[str]) -> list[str]:
    return [name, *(row.get(environment, "") for environment in environments)]


def _trailers(promotions: Sequence[Promotion]) -> Iterator[str]:
    """Where versions come from; of one image also when it was built, if a commit of the origin says so."""
    first = promotions[0]
    yield f"Promoted-from: {', '.join(item.name for item in first.origins)}"
    yield f"Environment: {first.overlay.environment}"
    images = {str(move.after): (move.after, item) for item in promotions for move in item.moves}
    yield from (f"Image: {text}" for text in images)
    if len(images) == 1:
        (image, item) = next(iter(images.values()))
        origin = item.origins[0]
        time = provenance.time_of(origin.state.root, origin.overlay.path, image, origin.name)
        yield from provenance.times(time)
