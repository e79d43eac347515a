"""What a cluster takes from elsewhere, and holds nothing that is told to Flux.

That is Flux itself where it is published, the text of a ConfigMap, definitions of kinds, and what a project publishes
for everybody: it is installed, and knows nothing of this cluster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from scaffold.expand.urls import normalize
from scaffold.model import FluxCluster, Kustomization, Overlay, Sync
from scaffold.model.flux import Reference
from scaffold.model.values import text

_PUBLISHED = re.compile(
    r"https://github\.com/fluxcd/flux2(?:\.git)?/?\Z|oci://ghcr\.io/(?:fluxcd/flux-manifests"
    r"|controlplaneio-fluxcd/flux-operator-manifests)\Z"
)
_DEFINITIONS = re.compile(r"(?i)\bcrds?\b|customresourcedefinition")
# Where everybody may publish; what is called so is made for clusters of its owner.
_PUBLIC = re.compile(
    r"(?:https://|oci://)?(?:github\.com|raw\.githubusercontent\.com|gitlab\.com|codeberg\.org|ghcr\.io)/"
    r"(?P<owner>[\w.-]+)/(?P<name>[\w./-]+)"
)
_OF_CLUSTERS = re.compile(r"(?i)flux|gitops|fleet|infra|cluster|deploy|home|platform|tenant|config|addon|base")
_MAKING = ("generators", "helmCharts", "helmChartInflationGenerator")
_OF_FLUX = re.compile(r"apiVersion\W+[a-z]*\.?(?:toolkit\.fluxcd\.io|fluxcd\.controlplane\.io)")
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
    return len(set(cluster.unknown)) == len(elsewhere) and told


def tells_nothing(cluster: FluxCluster, addresses: Iterable[str], namespace: str) -> bool:
    """Tell whether nothing that a cluster takes from elsewhere makes objects of Flux in a namespace.

    Nor does a project of somebody else, nor what is built for another namespace, nor a ResourceSet that names none.
    `addresses` are those of this repository.
    """
    elsewhere = [sync for sync in cluster.syncs if not sync.here]
    makers = list(cluster.of_kinds("ResourceSet"))
    owners = _owners([*addresses, *_urls(cluster, cluster.source)])
    told = all(
        _DEFINITIONS.search(sync.manifest.name)
        or _installs(sync, cluster)
        or _is_project(sync, cluster, owners)
        or _is_for_others(sync, namespace)
        for sync in elsewhere
    )
    given = [str(maker.get("spec", field)) for maker in makers for field in ("resources", "resourcesTemplate")]
    silent = not any(map(_OF_FLUX.search, given))
    return told and silent and len(set(cluster.unknown)) == len(elsewhere) + len(makers)


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


def is_local(overlay: Overlay, kustomizations: Mapping[str, Kustomization]) -> bool:
    """Tell whether all that an overlay is made of is here, be it built or not."""
    read = frozenset(overlay.reads)
    entered = [item for item in kustomizations.values() if item.manifest.path in read]
    remote = any(reference.remote for item in entered for reference in item.references)
    return not remote and not any(item.manifest.get(field) for item in entered for field in _MAKING)


def _installs(sync: Sync, cluster: FluxCluster) -> bool:
    urls = _urls(cluster, sync.source)
    return bool(urls) and all(_PUBLISHED.match(url) for url in urls)


def _is_project(sync: Sync, cluster: FluxCluster, owners: frozenset[str]) -> bool:
    """Tell whether what is built is a project that somebody else publishes, by its address."""
    found = [_PUBLIC.match(url) for url in _urls(cluster, sync.source)]
    return bool(owners and found) and all(
        each and each["owner"].lower() not in owners and not _OF_CLUSTERS.search(each["name"]) for each in found
    )


def _is_for_others(sync: Sync, namespace: str) -> bool:
    """Tell whether what is built stays in another namespace: it is put there, or an account of one applies it."""
    target, own = text(sync.manifest.get("spec", "targetNamespace")), sync.manifest.namespace
    there = target or (own if sync.manifest.get("spec", "serviceAccountName") else "")
    return bool(there and namespace) and there != namespace and "${" not in there


def _owners(addresses: Iterable[str]) -> frozenset[str]:
    found = (_PUBLIC.search(normalize(address) or address) for address in addresses)
    return frozenset(each["owner"].lower() for each in found if each)


def _urls(cluster: FluxCluster, source: Reference | None) -> set[str]:
    sources = cluster.of_kinds(source.kind) if source else ()
    return {text(m.get("spec", "url")) for m in sources if source and (m.namespace, m.name) == source[1:]}
