"""A kustomization takes a base from elsewhere, and the kustomize-controller of its cluster forbids that.

With `--no-remote-bases=true`, which flux-operator sets for a cluster with `multitenant: true`, resources, bases and
components have to come with the source, so nothing of the Kustomization is built.

Fails:

    # clusters/production/flux.yaml
    apiVersion: fluxcd.controlplane.io/v1
    kind: FluxInstance
    metadata:
      name: flux
      namespace: flux-system
    spec:
      distribution:
        version: 2.9.x
        registry: ghcr.io/fluxcd
      cluster:
        multitenant: true
      sync:
        kind: GitRepository
        url: https://git.example.com/platform/fleet.git
        ref: refs/heads/main
        path: clusters/production
    # clusters/production/apps.yaml
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
    # apps/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
      - https://git.example.com/platform/bases.git//web?ref=v1.2.3
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast

Passes:

    # clusters/production/flux.yaml
    apiVersion: fluxcd.controlplane.io/v1
    kind: FluxInstance
    metadata:
      name: flux
      namespace: flux-system
    spec:
      distribution:
        version: 2.9.x
        registry: ghcr.io/fluxcd
      cluster:
        multitenant: true
      sync:
        kind: GitRepository
        url: https://git.example.com/platform/fleet.git
        ref: refs/heads/main
        path: clusters/production
    # clusters/production/apps.yaml
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
    # apps/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
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

from collections.abc import Iterator

from scaffold.assemble.flux import presence
from scaffold.model import Finding, Kustomization, Overlay, Repository, Severity

ID = "blocked-remote-base"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every remote reference of what such a cluster builds."""
    for known in presence.of(repository):
        for overlay in known.overlays if "remote-bases" in known.cluster.forbids else ():
            for item in _entered(repository, overlay):
                for reference in item.references:
                    if reference.remote:
                        fact = f"{reference.text!r} comes from elsewhere, which this cluster forbids"
                        place = item.place(*reference.pointer)
                        message = f"{fact}, so nothing is built; keep a copy in the repository"
                        yield Finding(place, ID, message, subject=reference.text)


def _entered(repository: Repository, overlay: Overlay) -> Iterator[Kustomization]:
    read = frozenset(overlay.reads)
    return (item for item in repository.kustomizations.values() if item.manifest.path in read)
