"""Versions go one stage on: what a promotion carries, from where, and what it leaves alone."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from scaffold.choice import full_name
from scaffold.errors import RefusedError
from scaffold.followed import States
from scaffold.model import Overlay
from scaffold.promote import cut as cuts
from scaffold.promote import stages
from scaffold.promote.cut import Contents, Cut, Origin
from scaffold.promote.policies import policy
from scaffold.promote.promoting import Promoting, Promotion, Wanted
from scaffold.staging import Content

__all__ = ["Plan", "Promotion", "Wanted", "plan"]


@dataclass(frozen=True)
class Plan:
    """The promotions that change something, and why others do not."""

    promotions: tuple[Promotion, ...] = ()
    notes: tuple[str, ...] = ()
    contents: dict[str, Content | None] = field(default_factory=dict)


def plan(states: States, wanted: Wanted, now: datetime.datetime) -> Plan:
    """Find what the stage before has otherwise, and the edits that bring it.

    Raises RefusedError for a skipped stage, a hold, an older version and one that has not been there long enough;
    where no application is named, those are left out with a note. Raises ScaffoldError where it cannot be done.
    """
    found = cuts.cut(states, wanted.environment)
    notes: list[str] = []
    ways: list[tuple[Overlay, list[Origin], Contents]] = []
    for overlay in _overlays(found, wanted):
        with _refused(overlay, wanted, notes):
            origins = found.origins(overlay, wanted.source)
            ways.append((overlay, origins, cuts.brought(found, overlay, origins)))
    made: list[Promotion] = []
    with cuts.bringing(found, {overlay.path: contents for overlay, _, contents in ways}) as cut:
        for overlay, origins, _ in ways:
            rule = policy(states.settings.promotions, overlay)
            with _refused(overlay, wanted, notes):
                made.append(Promoting(cut, overlay, origins, rule, wanted, now).promotion())
    promotions = tuple(item for item in made if item.contents)
    return Plan(promotions, tuple(notes), {path: c for item in promotions for path, c in item.contents.items()})


@contextlib.contextmanager
def _refused(overlay: Overlay, wanted: Wanted, notes: list[str]) -> Iterator[None]:
    """What is refused for one of all applications becomes a note."""
    try:
        yield
    except RefusedError as error:
        if wanted.applications:
            raise
        notes.append(f"{full_name(overlay)} stays: {error}")


def _overlays(found: Cut, wanted: Wanted) -> Iterator[Overlay]:
    """The overlays that are asked for; of all, those that something can come to.

    To a first stage nothing comes but by its pin.
    """
    for overlay in found.overlays(wanted.applications):
        first = found.known.conventions.declared and not stages.before(found.known, overlay)
        is_named = wanted.applications and not (first and found.states.pin(overlay))
        if is_named or (overlay.application and (found.is_branched or not first)):
            yield overlay
