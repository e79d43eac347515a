"""Objects of Flux wait for each other in a circle.

None of them becomes ready before another one, so none of them is ever applied.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: infra
      namespace: flux-system
    spec:
      interval: 10m
      path: ./infra
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      dependsOn:
        - name: apps
    ---
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
        - name: infra
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
    # infra/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: infra
      namespace: web
    data:
      mode: fast

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: infra
      namespace: flux-system
    spec:
      interval: 10m
      path: ./infra
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
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
        - name: infra
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
    # infra/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: infra
      namespace: web
    data:
      mode: fast
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.expand.flux.dependencies import cycles
from scaffold.model import Finding, FluxCluster, Manifest, Repository, Severity, sequence
from scaffold.model.flux import Reference, referred

ID = "dependency-cycle"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_Id = tuple[str, str]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every circle once, at the dependency of its first member that closes it."""
    for cluster in repository.flux:
        for kind in ("Kustomization", "HelmRelease"):
            yield from _of_kind(cluster, kind)


def _of_kind(cluster: FluxCluster, kind: str) -> Iterator[Finding]:
    manifests = {Reference(kind, m.namespace, m.name): m for m in cluster.of_kinds(kind)}
    graph = {reference: list(_dependencies(manifest)) for reference, manifest in manifests.items()}
    for circle in cycles(graph):
        first, following = manifests[circle[0]], circle[1] if len(circle) > 1 else circle[0]
        others = ", ".join(repr(reference.name) for reference in circle[1:])
        through = f", in a cycle through {others}, so none of them is ever" if others else ", so it is never"
        message = f"{kind} {first.name!r} depends on itself{through} applied; remove one of the entries"
        place = first.place("spec", "dependsOn", graph[circle[0]].index(following), "name")
        yield Finding(place, ID, message, subject="/".join(reference.name for reference in circle))


def _dependencies(manifest: Manifest) -> Iterator[Reference]:
    for index, _ in enumerate(sequence(manifest.get("spec", "dependsOn"))):
        yield referred(manifest, "spec", "dependsOn", index, kind=manifest.kind)
