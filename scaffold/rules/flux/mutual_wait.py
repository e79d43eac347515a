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

from collections.abc import Iterator, Mapping, Sequence

from scaffold.assemble.flux import waiting
from scaffold.assemble.flux.waiting import Step, Waits
from scaffold.expand.flux.dependencies import cycles, way
from scaffold.model import Finding, Repository, Severity
from scaffold.model.flux import Reference

ID = "mutual-wait"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every circle of waits in which one object applies another, at the dependency that closes it."""
    for cluster in repository.flux:
        waits = waiting.of(repository, cluster)
        steps = [Step(reference, ready) for reference in waits.manifests for ready in (False, True)]
        graph = {step: list(waits.before(step)) for step in steps}
        passed = [step for circle in cycles(graph) for step in circle]
        for circle in _circles(waits, graph, passed) if passed else ():
            yield from _finding(waits, circle)


def _circles(waits: Waits, graph: Mapping[Step, Sequence[Step]], passed: Sequence[Step]) -> Iterator[list[Step]]:
    """The circles that dependencies close, the shortest first, but for what ends where an earlier one is broken.

    A longer one may lead over a dependency that is right. Of one circle that is told which is passed first.
    """
    order = {step: number for number, step in reversed([*enumerate(passed)])}
    found: list[tuple[int, int, Step, Step]] = []
    for first, target in _closing(waits):
        if back := way(graph, target, first):
            found.append((len(back), order.get(first, len(order)), first, target))
    broken: set[tuple[Step, Step]] = set()
    for _, _, first, target in sorted(found, key=lambda each: each[:2]):
        if back := way(graph, target, first, broken):
            broken.add((first, target))
            yield [first, *back[:-1]]


def _closing(waits: Waits) -> Iterator[tuple[Step, Step]]:
    """The dependencies, each with what begins and what has to be ready for that."""
    for one in waits.manifests:
        yield from ((Step(one, ready=False), Step(other, ready=True)) for other in waits.depends[one])


def _finding(waits: Waits, circle: Sequence[Step]) -> Iterator[Finding]:
    """What is said of a circle that begins with a dependency; one of dependencies alone is a rule of its own."""
    pairs = [(a, b) for a, b in zip(circle, [*circle[1:], circle[0]], strict=True) if a.of != b.of]
    if any(waits.is_applied(a.of, b.of) or waits.is_applied(b.of, a.of) for a, b in pairs):
        first, target = circle[0].of, circle[1].of
        members = dict.fromkeys(step.of for step in circle)
        said = _said(waits, first, target, [each for each in members if each not in {first, target}])
        place = waits.manifests[first].place("spec", "dependsOn", waits.depends[first][target], "name")
        message = f"{first.kind} {first.name!r} depends on {target.name!r}, {said}"
        yield Finding(place, ID, message, subject="/".join(reference.name for reference in members))


def _said(waits: Waits, first: Reference, target: Reference, others: Sequence[Reference]) -> str:
    if others:
        kinds = len({each.kind for each in others}) > 1
        through = ", ".join(f"{each.kind} {each.name!r}" if kinds else repr(each.name) for each in others)
        return f"in a circle of waiting through {through}, so none of them is ever ready; remove one of the waits"
    if waits.is_applied(target, first):
        return "which it applies itself, so neither is ever applied; remove the dependency"
    fact = "which applies it and waits until it is ready, so neither ever is"
    return f"{fact}; remove the dependency, or let {target.name!r} not wait for it"
