"""A Kustomization of Flux lists health checks that it ignores.

With `wait: true` it waits for everything that it applies, and for nothing else: `healthChecks` is not looked at, so
what is listed there and applied by somebody else is not waited for. Nothing is said of what it applies itself, or has a
release make, and where it is not known what it applies, only of what another one is known to apply.

Fails:

    # sync.yaml
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
      wait: true
      healthChecks:
        - apiVersion: apps/v1
          kind: Deployment
          name: web
          namespace: web
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
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      wait: true
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

from collections.abc import Container, Iterator
from typing import Any

from scaffold.model import Finding, FluxCluster, Repository, Severity, dig, sequence
from scaffold.model.flux import Sync

ID = "ignored-health-check"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_SELDOM_RELEASED = ("HelmRelease", "Kustomization")  # kinds that charts make next to none of


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every Kustomization that has both."""
    for cluster in repository.flux:
        elsewhere = _made(repository, cluster)
        built = {sync.manifest.identity: sync for sync in cluster.syncs}
        for manifest in cluster.of_kinds("Kustomization"):
            checks = sequence(manifest.get("spec", "healthChecks"))
            if manifest.get("spec", "wait") is True and _lost(
                repository, built.get(manifest.identity), checks, elsewhere
            ):
                fact = f"Kustomization {manifest.name!r} waits for all that it applies, and ignores its healthChecks"
                place = manifest.place("spec", "healthChecks", at_key=True)
                yield Finding(place, ID, f"{fact}; remove either them or `wait`", SEVERITY, subject=manifest.name)


def _lost(repository: Repository, sync: Sync | None, checks: list[Any], elsewhere: Container[tuple[str, str]]) -> bool:
    """Tell whether something is listed that is not known to be waited for all the same."""
    overlay = repository.built(sync) if sync else None
    if overlay and any(each.build.whole == overlay.name for each in repository.overlays.values() if each.build):
        return False
    listed = [(str(dig(item, "kind")), str(dig(item, "name"))) for item in checks]
    if overlay is None or not overlay.objects:
        return any(item in elsewhere for item in listed)
    made = {(item.kind, item.name) for item in overlay.objects}
    released = any(kind == "HelmRelease" for kind, _ in made)
    return any(item not in made and not (released and item[0] not in _SELDOM_RELEASED) for item in listed)


def _made(repository: Repository, cluster: FluxCluster) -> frozenset[tuple[str, str]]:
    """The kinds and names of all that a cluster is known to get."""
    overlays = (repository.built(sync) for sync in cluster.syncs)
    return frozenset((item.kind, item.name) for overlay in overlays if overlay for item in overlay.objects)
