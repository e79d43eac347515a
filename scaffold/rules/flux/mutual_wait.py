"""Kustomizations of Flux, one of which applies the other, wait for each other.

A Kustomization with `wait`, or with the other among its `healthChecks`, is ready once what it applies is. One that it
applies and that depends on it begins only then, so neither ever is ready: the health check fails once its time is over.
In the same way, one that depends on what it applies itself never finds that. Both hold through others between them
(kustomize-controller 1.9), and where HelmReleases depend on each other, as Flux documents these.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: platform
      namespace: flux-system
    spec:
      interval: 10m
      path: ./platform
      prune: true
      wait: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # platform/apps.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      dependsOn:
        - name: platform
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: platform
      namespace: flux-system
    spec:
      interval: 10m
      path: ./platform
      prune: true
      wait: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # platform/apps.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scaffold.expand.flux.dependencies import cycles
from scaffold.model import Finding, FluxCluster, Manifest, Repository, Severity, dig, sequence
from scaffold.model.flux import Reference, Sync, referred

ID = "mutual-wait"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_KINDS = ("Kustomization", "HelmRelease")


class _Step(NamedTuple):
    """What has to come about: that an object is there and may begin, or that it is ready."""

    of: Reference
    ready: bool


@dataclass(frozen=True)
class _Waits:
    """The objects of a cluster that wait, what each of them applies, and on what it depends, where that is said."""

    manifests: Mapping[Reference, Manifest]
    applied: Mapping[Reference, frozenset[Reference]]
    depends: Mapping[Reference, Mapping[Reference, int]]

    def before(self, step: _Step) -> Iterator[_Step]:
        """What has to come about before a step does."""
        if step.ready:
            below = sorted(self.applied.get(step.of, ()))
            yield from (_Step(each, ready=True) for each in below if _waits(self.manifests[step.of], each))
            yield _Step(step.of, ready=False)
            return
        yield from (_Step(each, ready=True) for each in self.depends[step.of])
        above = [each for each, below in self.applied.items() if step.of in below]
        yield from (_Step(each, ready=False) for each in (above if len(above) == 1 else ()))

    def is_applied(self, one: Reference, by: Reference) -> bool:
        return one in self.applied.get(by, ())


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every circle of waits in which one object applies another, at a dependency that closes it."""
    for cluster in repository.flux:
        waits = _of(repository, cluster)
        steps = [_Step(reference, ready) for reference in waits.manifests for ready in (False, True)]
        for circle in cycles({step: list(waits.before(step)) for step in steps}):
            yield from _finding(waits, circle)


def _of(repository: Repository, cluster: FluxCluster) -> _Waits:
    found = (m for m in cluster.of_kinds(*_KINDS) if m.get("spec", "suspend") is not True)
    known = {Reference(m.kind, m.namespace, m.name): m for m in found}
    syncs = [sync for sync in cluster.syncs if sync.reference in known]
    return _Waits(
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


def _waits(manifest: Manifest, applied: Reference) -> bool:
    """Tell whether a Kustomization is ready only once something that it applies is."""
    if manifest.get("spec", "wait") is True:
        return True
    checks = range(len(sequence(manifest.get("spec", "healthChecks"))))
    return any(referred(manifest, "spec", "healthChecks", index) == applied for index in checks)


def _finding(waits: _Waits, circle: Sequence[_Step]) -> Iterator[Finding]:
    """What is said of a circle; one of dependencies alone is a rule of its own."""
    pairs = [(a, b) for a, b in zip(circle, [*circle[1:], circle[0]], strict=True) if a.of != b.of]
    applied = any(waits.is_applied(a.of, b.of) or waits.is_applied(b.of, a.of) for a, b in pairs)
    closing = [(a.of, b.of) for a, b in pairs if b.ready and b.of in waits.depends[a.of]]
    if applied and closing:
        first, target = closing[0]
        members = dict.fromkeys(step.of for step in circle)
        said = _said(waits, first, target, [each for each in members if each not in {first, target}])
        place = waits.manifests[first].place("spec", "dependsOn", waits.depends[first][target], "name")
        message = f"{first.kind} {first.name!r} depends on {target.name!r}, {said}"
        yield Finding(place, ID, message, subject="/".join(reference.name for reference in members))


def _said(waits: _Waits, first: Reference, target: Reference, others: Sequence[Reference]) -> str:
    if others:
        kinds = len({each.kind for each in others}) > 1
        through = ", ".join(f"{each.kind} {each.name!r}" if kinds else repr(each.name) for each in others)
        return f"in a circle of waiting through {through}, so none of them is ever ready; remove one of the waits"
    if waits.is_applied(target, first):
        return "which it applies itself, so neither is ever applied; remove the dependency"
    fact = "which applies it and waits until it is ready, so neither ever is"
    return f"{fact}; remove the dependency, or let {target.name!r} not wait for it"
