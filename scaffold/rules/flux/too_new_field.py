"""A field of Flux is newer than what the cluster's FluxInstance installs.

The definitions of the older version do not know it, so that the object is refused. Known is what Flux 2.9 brought:
`spec.ignore` of a Kustomization.

Fails:

    # clusters/main/flux.yaml
    apiVersion: fluxcd.controlplane.io/v1
    kind: FluxInstance
    metadata:
      name: flux
      namespace: flux-system
    spec:
      distribution:
        version: 2.8.x
        registry: ghcr.io/fluxcd
      components:
        - source-controller
        - kustomize-controller
      sync:
        kind: GitRepository
        url: https://git.example.com/fleet.git
        ref: refs/heads/main
        path: clusters/main
    # clusters/main/apps.yaml
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
      ignore:
        - paths:
            - /data/mode
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast

Passes:

    # clusters/main/flux.yaml
    apiVersion: fluxcd.controlplane.io/v1
    kind: FluxInstance
    metadata:
      name: flux
      namespace: flux-system
    spec:
      distribution:
        version: 2.9.x
        registry: ghcr.io/fluxcd
      components:
        - source-controller
        - kustomize-controller
      sync:
        kind: GitRepository
        url: https://git.example.com/fleet.git
        ref: refs/heads/main
        path: clusters/main
    # clusters/main/apps.yaml
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
      ignore:
        - paths:
            - /data/mode
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

import re
from collections.abc import Iterator

from scaffold.model import Finding, FluxCluster, Repository, Severity
from scaffold.model.values import text

ID = "too-new-field"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_MINOR = re.compile(r"\s*(?:[=~]\s*)?v?2\.(\d+)(?:\.[\dx*]+)?\s*")
_SINCE = 9


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such field of a cluster whose only FluxInstance says which minor version it installs."""
    for cluster in repository.flux:
        instances = list(cluster.of_kinds("FluxInstance"))
        version = text(instances[0].get("spec", "distribution", "version")) if len(instances) == 1 else ""
        found = _MINOR.fullmatch(version)
        if found and int(found[1]) < _SINCE:
            yield from _newer(cluster, version)


def _newer(cluster: FluxCluster, version: str) -> Iterator[Finding]:
    instance = next(cluster.of_kinds("FluxInstance"))
    for manifest in cluster.of_kinds("Kustomization"):
        if manifest.get("spec", "ignore"):
            fact = f"Kustomization {manifest.name!r} is refused, Flux has spec.ignore since 2.{_SINCE}"
            message = f"{fact}, and FluxInstance {instance.name!r} installs {version!r} ({{0}}); install a newer one"
            related = (instance.place("spec", "distribution", "version"),)
            place = manifest.place("spec", "ignore", at_key=True)
            yield Finding(place, ID, message, SEVERITY, subject=f"{manifest.name}/ignore", related=related)
