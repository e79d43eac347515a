"""Versions go one stage on: what a promotion carries, from where, and what it leaves alone."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scaffold import settings, survey
from scaffold.choice import chosen, full_name
from scaffold.errors import RefusedError
from scaffold.model import Overlay, Repository
from scaffold.promote import stages
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


def plan(root: Path, wanted: Wanted, now: datetime.datetime) -> Plan:
    """Find what the stage before has otherwise, and the edits that bring it.

    Raises RefusedError for a skipped stage, a hold, an older version and one that has not been there long enough;
    where no application is named, those are left out with a note. Raises ScaffoldError where it cannot be done.
    """
    repository = survey.survey(root)
    policies = settings.read(root).promotions
    made: list[Promotion] = []
    notes: list[str] = []
    for overlay in _overlays(repository, wanted):
        try:
            item = Promoting(root, repository, overlay, policy(policies, overlay), wanted, now).promotion()
        except RefusedError as error:
            if wanted.applications:
                raise
            notes.append(f"{full_name(overlay)} stays: {error}")
        else:
            made += [item] if item.contents else []
    contents = {path: content for item in made for path, content in item.contents.items()}
    return Plan(tuple(made), tuple(notes), contents)


def _overlays(repository: Repository, wanted: Wanted) -> Iterator[Overlay]:
    """The overlays that are asked for; of all, those that have a stage before."""
    for overlay in chosen(repository, wanted.environment, wanted.applications):
        known = repository.conventions.declared and not stages.before(repository, overlay)
        if wanted.applications or (overlay.application and not known):
            yield overlay
