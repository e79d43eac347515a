"""What the objects of a cluster of Flux wait for."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from scaffold.model import FluxCluster, Manifest, Repository, dig, sequence
from scaffold.model.flux import Reference, Sync, referred

_KINDS = ("Kustomization", "HelmRelease")


class Step(NamedTuple):
    """What has to come about: that an object is there and may begin, or that it is ready."""

    of: Reference
    ready: bool


@dataclass(frozen=True)
class Waits:
    """The objects of a cluster that wait, what each of them applies, and on what it depends, where that is said."""

    manifests: Mapping[Reference, Manifest]
    applied: Mapping[Reference, frozenset[Reference]]
    depends: Mapping[Reference, Mapping[Reference, int]]

    def before(self, step: Step) -> Iterator[Step]:
        """What has to come about before a step does."""
        if step.ready:
            below = sorted(self.applied.get(step.of, ()))
            yield from (Step(each, ready=True) for each in below if waits(self.manifests[step.of], each))
            yield Step(step.of, ready=False)
            return
        yield from (Step(each, ready=True) for each in self.depends[step.of])
        above = self._above.get(step.of, ())
        yield from (Step(each, ready=False) for each in (above if len(above) == 1 else ()))

    @cached_property
    def _above(self) -> Mapping[Reference, Sequence[Reference]]:
        """What applies each object."""
        found: dict[Reference, list[Reference]] = {}
        for each, below in self.applied.items():
            for one in below:
                found.setdefault(one, []).append(each)
        return found

    def is_applied(self, one: Reference, by: Reference) -> bool:
        return one in self.applied.get(by, ())

    def would_close(self, target: Reference, needed: Iterable[Reference] = ()) -> bool:
        """Tell whether a Kustomization that waited for all that it applies would wait for itself.

        `needed` are others that have to be applied before what it applies is ready.
        """
        below = [Step(each, ready=True) for each in self.applied.get(target, ())]
        pending = [*below, *(Step(each, ready=False) for each in needed)]
        seen = set(pending)
        while pending:
            step = pending.pop()
            if step == Step(target, ready=True):
                return True
            before = {each for each in self.before(step) if each.of in self.manifests} - seen
            seen |= before
            pending += before
        return False


def of(repository: Repository, cluster: FluxCluster) -> Waits:
    """Everything that waits in a cluster and is not suspended."""
    found = (m for m in cluster.of_kinds(*_KINDS) if m.get("spec", "suspend") is not True)
    known = {Reference(m.kind, m.namespace, m.name): m for m in found}
    syncs = [sync for sync in cluster.syncs if sync.reference in known]
    return Waits(
        known,
        {sync.reference: _applied(repository, sync, known) for sync in syncs},
        {reference: dict(_depends(manifest)) for reference, manifest in known.items()},
    )


def _applied(repository: Repository, sync: Sync, known: Mapping[Reference, Manifest]) -> frozenset[Reference]:
    """What else a Kustomization applies; one that holds itself was applied by hand, and what stands beside it too."""
    overlay = repository.built(sync)
    made = {Reference(item.kind, item.namespace, item.name) for item in overlay.objects} if overlay else set()
    begun = posixpath.dirname(sync.manifest.path) if sync.reference in made else None
    others = made & known.keys() - {sync.reference}
    return frozenset(each for each in others if posixpath.dirname(known[each].path) != begun)


def _depends(manifest: Manifest) -> Iterator[tuple[Reference, int]]:
    """What an object depends on, and where it says so; an expression may take it for ready before it is."""
    for index, item in enumerate(sequence(manifest.get("spec", "dependsOn"))):
        if not dig(item, "readyExpr"):
            yield referred(manifest, "spec", "dependsOn", index, kind=manifest.kind), index


def waits(manifest: Manifest, applied: Reference) -> bool:
    """Tell whether a Kustomization is ready only once something that it applies is."""
    if manifest.get("spec", "wait") is True:
        return True
    checks = range(len(sequence(manifest.get("spec", "healthChecks"))))
    return any(referred(manifest, "spec", "healthChecks", index) == applied for index in checks)
