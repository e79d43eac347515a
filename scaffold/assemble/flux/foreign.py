"""What a cluster takes from elsewhere, and holds nothing that is told to Flux.

That is Flux itself where it is published, the text of a ConfigMap, and definitions of kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scaffold.model import FluxCluster, Kustomization, Overlay, Sync
from scaffold.model.values import text

_PUBLISHED = re.compile(
    r"https://github\.com/fluxcd/flux2(?:\.git)?/?\Z|oci://ghcr\.io/(?:fluxcd/flux-manifests"
    r"|controlplaneio-fluxcd/flux-operator-manifests)\Z"
)
_DEFINITIONS = re.compile(r"(?i)\bcrds?\b|customresourcedefinition")
# What a project releases installs the project, and tells Flux nothing, unless it is one of Flux.
_RELEASED = re.compile(r"https://github\.com/(?![^/]*flux)[^/]+/(?![^/]*flux)[^/]+/releases/(?:latest/)?download/")
_CONTROLLERS = (
    "helm-controller image-automation-controller image-reflector-controller kustomize-controller "
    "notification-controller source-controller source-watcher"
).split()
_SERVICES = ("notification-controller", "source-controller", "source-watcher", "webhook-receiver")


def is_flux_alone(cluster: FluxCluster) -> bool:
    """Tell whether all that a cluster takes from elsewhere is Flux, or called after the definitions that it holds."""
    elsewhere = [sync for sync in cluster.syncs if not sync.here]
    told = all(_DEFINITIONS.search(sync.manifest.name) or _installs(sync, cluster) for sync in elsewhere)
    return len(cluster.unknown) == len(elsewhere) and told


def objects(cluster: FluxCluster) -> Iterator[tuple[str, str, str]]:
    """The kind, namespace and name of what it brings that others may name."""
    for sync in cluster.syncs:
        if not sync.here and _installs(sync, cluster):
            namespace = text(sync.manifest.get("spec", "targetNamespace")) or "flux-system"
            yield "Namespace", "", namespace
            for name in _CONTROLLERS:
                yield "Deployment", namespace, name
                yield "ServiceAccount", namespace, name
            for name in _SERVICES:
                yield "Service", namespace, name


def is_harmless(overlay: Overlay, kustomizations: Mapping[str, Kustomization]) -> bool:
    """Tell whether all that keeps an overlay from being built is such a text, definitions, or a project's release."""
    read = frozenset(overlay.reads)
    entered = [item for item in kustomizations.values() if item.manifest.path in read]
    remote = [reference for item in entered for reference in item.references if reference.remote]
    known = (
        _DEFINITIONS.search(item.text) or _RELEASED.match(item.text) for item in remote if item.field == "resources"
    )
    return bool(remote) and all(known) and not any(item.manifest.get("helmCharts") for item in entered)


def _installs(sync: Sync, cluster: FluxCluster) -> bool:
    sources = (m for m in cluster.of_kinds(sync.source.kind) if (m.namespace, m.name) == sync.source[1:])
    urls = {text(source.get("spec", "url")) for source in sources}
    return bool(urls) and all(_PUBLISHED.match(url) for url in urls)
