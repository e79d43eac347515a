"""A Kustomization of one cluster sets a variable to what another environment has, over its own cluster's settings.

What stands in `postBuild.substitute` wins over `substituteFrom` (kustomize-controller 1.9). That may well be meant, so
that a value is told only where the ConfigMap of another cluster has it for the same variable, where that of the own
cluster has another one, and where the value itself is called after the other environment. A cluster is of the
environment that its directory is called after, or else the only one that a directory above is called.

Fails:

    # clusters/production/sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/production
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
      path: ./apps/production
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      postBuild:
        substitute:
          bucket: shop-staging
        substituteFrom:
          - kind: ConfigMap
            name: settings
    # clusters/production/settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
      namespace: flux-system
    data:
      bucket: shop-production
      size: large
    # clusters/staging/sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/staging
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
      path: ./apps/staging
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      postBuild:
        substituteFrom:
          - kind: ConfigMap
            name: settings
    # clusters/staging/settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
      namespace: flux-system
    data:
      bucket: shop-staging
      size: small
    # apps/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      bucket: ${bucket}
    # apps/staging/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      bucket: ${bucket}

Passes:

    # clusters/production/sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/production
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
      path: ./apps/production
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      postBuild:
        substitute:
          size: small
        substituteFrom:
          - kind: ConfigMap
            name: settings
    # clusters/production/settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
      namespace: flux-system
    data:
      bucket: shop-production
      size: large
    # clusters/staging/sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/staging
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
      path: ./apps/staging
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      postBuild:
        substituteFrom:
          - kind: ConfigMap
            name: settings
    # clusters/staging/settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
      namespace: flux-system
    data:
      bucket: shop-staging
      size: small
    # apps/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      bucket: ${bucket}
    # apps/staging/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      bucket: ${bucket}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.assemble import ranks
from scaffold.assemble.flux import makers
from scaffold.model import Finding, Manifest, Repository, Severity, Variables, mapping

ID = "overruled-variable"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_Pair = tuple[str, str | None]


class _Cluster(NamedTuple):
    """A cluster: as a message calls it, and where in the usual order its environment is."""

    name: str
    stage: int | None


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every variable of a cluster that is set to the value of another environment's cluster."""
    known = ranks.known(repository.directories)
    told = []
    for overlay in repository.overlays.values():
        sync = makers.sync(repository, overlay)
        if sync and overlay.build and overlay.build.variables:
            told.append((sync, overlay.build.variables, _cluster(overlay.build.cluster, known)))
    clusters: dict[_Pair, list[_Cluster]] = defaultdict(list)
    for _, variables, cluster in told:
        for pair in variables.given.items():
            clusters[pair].append(cluster)
    for sync, variables, cluster in told:
        yield from _overruled(sync, variables, cluster, clusters)


def _cluster(path: str, known: frozenset[str]) -> _Cluster:
    last = path.rpartition("/")[2]
    part = "" if ranks.rank(last) is not None else ranks.part(path, known)
    below = f"/{path}".partition(f"/{part}/")[2] if part else ""
    return _Cluster(f"{part}/{below}" if below else last, ranks.rank(part or last))


def _overruled(
    sync: Manifest, variables: Variables, own: _Cluster, clusters: dict[_Pair, list[_Cluster]]
) -> Iterator[Finding]:
    pointer = ("spec", "postBuild", "substitute")
    for name in map(str, mapping(sync.get(*pointer))):
        value, given = variables.values.get(name), variables.given.get(name)
        stage = ranks.rank(value) if value and given and given != value and own.stage is not None else None
        other = next((each for each in clusters.get((name, value), ()) if each.stage == stage), None)
        if stage not in (None, own.stage) and other:
            fact = f"Kustomization {sync.name!r} sets variable {name!r} to {value!r} of cluster {other.name!r}"
            message = f"{fact}, over {given!r} of its own settings; remove it"
            subject = f"{sync.name}/{name}"
            yield Finding(sync.place(*pointer, name), ID, message, SEVERITY, subject=subject)
