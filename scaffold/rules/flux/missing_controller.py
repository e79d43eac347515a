"""A cluster applies objects of Flux whose controller its FluxInstance does not install.

The definitions of a controller's kinds come with it, so that the Kustomization which applies such an object fails. The
FluxInstance is the one that the cluster applies, or the one that begins it, wherever that stands.

Fails:

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
    # clusters/main/alerts.yaml
    apiVersion: notification.toolkit.fluxcd.io/v1beta3
    kind: Provider
    metadata:
      name: chat
      namespace: flux-system
    spec:
      type: slack
      address: https://hooks.example.com

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
        - notification-controller
      sync:
        kind: GitRepository
        url: https://git.example.com/fleet.git
        ref: refs/heads/main
        path: clusters/main
    # clusters/main/alerts.yaml
    apiVersion: notification.toolkit.fluxcd.io/v1beta3
    kind: Provider
    metadata:
      name: chat
      namespace: flux-system
    spec:
      type: slack
      address: https://hooks.example.com
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import patched
from scaffold.assemble.flux import presence
from scaffold.model import Finding, FluxCluster, Manifest, Repository, Severity, is_variable, sequence

ID = "missing-controller"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_DEFAULT = ("source-controller", "kustomize-controller", "helm-controller", "notification-controller")
_CONTROLLERS = {
    "helm-controller": ("HelmRelease",),
    "image-automation-controller": ("ImageUpdateAutomation",),
    "image-reflector-controller": ("ImagePolicy", "ImageRepository"),
    "notification-controller": ("Alert", "Provider", "Receiver"),
    "source-watcher": ("ArtifactGenerator",),
}
_DEFINITION = "CustomResourceDefinition"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every controller that the only FluxInstance of a cluster leaves out, with an object that needs it."""
    for known in presence.of(repository):
        instances = list(known.cluster.of_kinds("FluxInstance")) or list(_beginning(repository, known.cluster))
        if len(instances) != 1 or not known.cluster.syncs:
            continue
        told = [str(item) for item in sequence(instances[0].get("spec", "components"))] or list(_DEFAULT)
        for controller, kinds in _CONTROLLERS.items():
            needing = next(known.cluster.of_kinds(*kinds), None)
            if needing and controller not in told and not (any(map(is_variable, told)) or _is_defined(known, needing)):
                yield _finding(instances[0], controller, needing)


def _beginning(repository: Repository, cluster: FluxCluster) -> Iterator[Manifest]:
    """The instance that begins a cluster and that nothing there applies; what patches change of it is not known."""
    begun = {(sync.manifest.path, sync.manifest.document) for sync in cluster.syncs}
    for manifest in repository.manifests("fluxcd.controlplane.io/FluxInstance"):
        if (manifest.path, manifest.document) in begun and not patched.is_changed(repository, manifest):
            yield manifest


def _is_defined(known: presence.Presence, needing: Manifest) -> bool:
    """Tell whether something else brings the definitions of an object's group."""
    made = (item for overlay in known.overlays for item in overlay.objects)
    return any(item.kind == _DEFINITION and item.name.endswith(f".{needing.group}") for item in made)


def _finding(instance: Manifest, controller: str, needing: Manifest) -> Finding:
    fact = f"FluxInstance {instance.name!r} does not install {controller!r}"
    message = f"{fact}, and {needing.kind} {needing.name!r} ({{0}}) is of its kinds; add it to components"
    place = instance.place("spec", "components", at_key=True)
    related = (needing.place("kind"),)
    return Finding(place, ID, message, SEVERITY, subject=controller, related=related)
