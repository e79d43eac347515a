"""What the engine creates otherwise: applications that come, go, or mean something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.compare.nouns import Change, Danger, Difference
from scaffold.model import Application, Identity, Repository, dig, mapping, sequence

_GROUP = "argoproj.io"
_FINALIZER = "resources-finalizer.argocd.argoproj.io"


def difference(before: Repository, after: Repository) -> Difference | None:
    """The Applications that generators make, before and after; those that are written down differ as manifests."""
    old, new = _applications(before), _applications(after)
    changes = tuple(_changes(old, new))
    if not changes:
        return None
    dangers = tuple(danger for change in changes for danger in _dangers(change))
    return Difference("", "", "", "", changes, dangers)


def _applications(repository: Repository) -> dict[Identity, Application]:
    return {Identity(_GROUP, "Application", a.namespace, a.name): a for a in repository.applications if a.generated}


def _changes(old: Mapping[Identity, Application], new: Mapping[Identity, Application]) -> Iterator[Change]:
    for identity in sorted({*old, *new}):
        before, after = (side[identity].data if identity in side else None for side in (old, new))
        if before != after:
            yield Change(identity, before, after)


def _dangers(change: Change) -> Iterator[Danger]:
    before, after = mapping(change.before), mapping(change.after)
    subject = str(change.identity)
    if change.before is not None and change.after is None:
        yield Danger(subject, f"it goes, and {_fate(before)}")
    elif change.before is not None:
        for field in ("destination", "project"):
            if dig(before, "spec", field) != dig(after, "spec", field):
                yield Danger(subject, f"its {field} changes; what it deployed is left behind where it was")
        if not _automated(before) and _automated(after):
            yield Danger(subject, "it deploys by itself from now on, without a releaser")


def _fate(data: Mapping[str, Any]) -> str:
    if _FINALIZER in " ".join(map(str, sequence(dig(data, "metadata", "finalizers")))):
        return "everything that it deployed with it"
    return "what it deployed is left behind"


def _automated(data: Mapping[str, Any]) -> bool:
    policy = dig(data, "spec", "syncPolicy", "automated")
    return policy is not None and dig(policy, "enabled") is not False
