"""A Kustomization of one cluster sets a variable to what another environment has, over its own cluster's settings.

What stands in `postBuild.substitute` wins over `substituteFrom` (kustomize-controller 1.9). That may well be meant, so
that a value is told only where the ConfigMap of another cluster has it for the same variable, where that of the own
cluster has another one, and where the value itself is called after the other environment.

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

from scaffold.assemble import ranks
from scaffold.model import Build, Finding, Repository, Severity, Variables, mapping

ID = "overruled-variable"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_Pair = tuple[str, str | None]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every variable of a cluster that is set to the value of another environment's cluster."""
    builds = [overlay.build for overlay in repository.overlays.values() if overlay.build]
    told = [(build, build.variables) for build in builds if build.variables]
    clusters: dict[_Pair, list[str]] = defaultdict(list)
    for build, variables in told:
        for pair in variables.given.items():
            clusters[pair].append(_name(build))
    for build, variables in told:
        yield from _overruled(build, variables, clusters)


def _name(build: Build) -> str:
    return build.cluster.rpartition("/")[2]


def _overruled(build: Build, variables: Variables, clusters: dict[_Pair, list[str]]) -> Iterator[Finding]:
    own, pointer = ranks.rank(_name(build)), ("spec", "postBuild", "substitute")
    for name in map(str, mapping(build.manifest.get(*pointer))):
        value, given = variables.values[name], variables.given.get(name)
        stage = ranks.rank(value) if value and given and given != value and own is not None else None
        other = next((each for each in clusters.get((name, value), ()) if ranks.rank(each) == stage), "")
        if stage not in (None, own) and other:
            fact = f"Kustomization {build.manifest.name!r} sets variable {name!r} to {value!r} of cluster {other!r}"
            message = f"{fact}, over {given!r} of its own settings; remove it"
            subject = f"{build.manifest.name}/{name}"
            yield Finding(build.manifest.place(*pointer, name), ID, message, SEVERITY, subject=subject)
