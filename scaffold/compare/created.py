"""What the engine creates otherwise: applications that come, go, or mean something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scaffold.compare import engine_objects
from scaffold.compare.nouns import Change, Difference
from scaffold.model import Application, Identity, Repository

_GROUP = "argoproj.io"


def difference(before: Repository, after: Repository) -> Difference | None:
    """The Applications that generators make, before and after; those that are written down differ as manifests."""
    old, new = _applications(before), _applications(after)
    changes = tuple(_changes(old, new))
    if not changes:
        return None
    dangers = tuple(danger for change in changes for danger in engine_objects.dangers(change, _file(change, old, new)))
    return Difference("", "", "", "", changes, dangers)


def _applications(repository: Repository) -> dict[Identity, Application]:
    return {Identity(_GROUP, "Application", a.namespace, a.name): a for a in repository.applications if a.generated}


def _changes(old: Mapping[Identity, Application], new: Mapping[Identity, Application]) -> Iterator[Change]:
    for identity in sorted({*old, *new}):
        before, after = (side[identity].data if identity in side else None for side in (old, new))
        if before != after:
            yield Change(identity, before, after)


def _file(change: Change, *sides: Mapping[Identity, Application]) -> str:
    """The file of the generator that makes an application."""
    return next(side[change.identity].place.path for side in sides if change.identity in side)
