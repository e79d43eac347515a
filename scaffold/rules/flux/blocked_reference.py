"""An object of Flux refers to another namespace, and the controllers of its cluster forbid that.

With `--no-cross-namespace-refs=true`, which flux-operator sets for a cluster with `multitenant: true`, sources, event
sources, image repositories and resources of receivers have to be in the namespace of the object that names them.

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
    # clusters/production/web.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
        namespace: flux-system
      targetNamespace: web
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
        multitenant: false
      sync:
        kind: GitRepository
        url: https://git.example.com/platform/fleet.git
        ref: refs/heads/main
        path: clusters/production
    # clusters/production/web.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
        namespace: flux-system
      targetNamespace: web
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

from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, sequence
from scaffold.model.values import text

ID = "blocked-reference"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_SINGLE: dict[str, tuple[Pointer, ...]] = {
    "Kustomization": (("spec", "sourceRef"),),
    "HelmRelease": (("spec", "chart", "spec", "sourceRef"), ("spec", "chartRef")),
    "ImagePolicy": (("spec", "imageRepositoryRef"),),
    "ImageUpdateAutomation": (("spec", "sourceRef"),),
}
_SEVERAL: dict[str, Pointer] = {"Alert": ("spec", "eventSources"), "Receiver": ("spec", "resources")}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every reference to another namespace in a cluster that forbids them."""
    for cluster in repository.flux:
        for manifest in cluster.of_kinds(*_SINGLE, *_SEVERAL) if "references" in cluster.forbids else ():
            for pointer in _pointers(manifest):
                namespace = text(manifest.get(*pointer, "namespace"))
                if namespace and namespace != manifest.namespace:
                    fact = f"{manifest.kind} {manifest.name!r} refers to {manifest.get(*pointer, 'name')!r}"
                    message = f"{fact} of namespace {namespace!r}, which this cluster forbids; name one of its own"
                    place = manifest.place(*pointer, "namespace")
                    yield Finding(place, ID, message, subject=f"{manifest.namespace}/{manifest.name}/{namespace}")


def _pointers(manifest: Manifest) -> Iterator[Pointer]:
    yield from _SINGLE.get(manifest.kind, ())
    if manifest.kind in _SEVERAL:
        pointer = _SEVERAL[manifest.kind]
        yield from ((*pointer, index) for index in range(len(sequence(manifest.get(*pointer)))))
