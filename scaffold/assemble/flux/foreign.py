"""What a cluster takes from elsewhere, and holds nothing that is told to Flux.

That is Flux itself where it is published, the text of a ConfigMap, definitions of kinds, and what a project publishes
for everybody: it is installed, and knows nothing of this cluster.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from scaffold.expand.urls import normalize, same
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
    r"(?P<owner>[\w.-]+)/(?P<name>[\w.-]+)"
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


def tells_nothing(cluster: FluxCluster, addresses: Collection[str], namespace: str) -> bool:
    """Tell whether nothing that a cluster takes from elsewhere makes objects of Flux in a namespace.

    Nor does a project of somebody else, nor what is built for another namespace, nor a ResourceSet that names none; of
    a branch the same path is here. `addresses` are those of this repository.
    """
    elsewhere = [sync for sync in cluster.syncs if not (sync.here or is_branch(sync, cluster, addresses))]
    makers = list(cluster.of_kinds("ResourceSet"))
    owners = owners_of(cluster, addresses)
    told = all(
        _DEFINITIONS.search(sync.manifest.name)
        or _installs(sync, cluster)
        or _is_project(sync, cluster, owners)
        or _is_for_others(sync, namespace)
        for sync in elsewhere
    )
    given = [str(maker.get("spec", field)) for maker in makers for field in ("resources", "resourcesTemplate")]
    silent = not any(map(_OF_FLUX.search, given))
    hidden = sum(not sync.here for sync in cluster.syncs)
    return told and silent and len(set(cluster.unknown)) == hidden + len(makers)


def is_branch(sync: Sync, cluster: FluxCluster, addresses: Iterable[str]) -> bool:
    """Tell whether a path of another branch of this repository is built, for which the one here may be taken."""
    urls = _urls(cluster, sync.source)
    own = bool(urls) and all(any(same(url, address) for address in addresses) for url in urls)
    return own and not sync.here and sync.path not in ("", ".")


def owners_of(cluster: FluxCluster, addresses: Iterable[str]) -> frozenset[str]:
    """Who publishes this repository, and the one that the cluster begins with."""
    return _owners([*addresses, *_urls(cluster, cluster.source)])


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


def is_harmless(overlay: Overlay, kustomizations: Mapping[str, Kustomization], owners: frozenset[str]) -> bool:
    """Tell whether all that keeps an overlay from being built is such a text, definitions, or of somebody's project."""
    read = frozenset(overlay.reads)
    entered = [item for item in kustomizations.values() if item.manifest.path in read]
    remote = [reference for item in entered for reference in item.references if reference.remote]
    known = (
        _DEFINITIONS.search(item.text) or _RELEASED.match(item.text) or _is_of_others(item.text, owners)
        for item in remote
        if item.field == "resources"
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
    urls = _urls(cluster, sync.source)
    return bool(urls) and all(_is_of_others(url, owners) for url in urls)


def _is_of_others(url: str, owners: frozenset[str]) -> bool:
    found = _PUBLIC.match(url)
    others = bool(owners and found) and found is not None and found["owner"].lower() not in owners
    return others and found is not None and not _OF_CLUSTERS.search(found["name"])


def _is_for_others(sync: Sync, namespace: str) -> bool:
    """Tell whether what is built stays in another namespace: it is put there, or an account of one applies it.

    What is put together in the cluster may be of this repository, whose Kustomizations name their namespaces.
    """
    if sync.source.kind == "ExternalArtifact":
        return False
    target, own = text(sync.manifest.get("spec", "targetNamespace")), sync.manifest.namespace
    there = target or (own if sync.manifest.get("spec", "serviceAccountName") else "")
    return bool(there and namespace) and there != namespace and "${" not in there


def _owners(addresses: Iterable[str]) -> frozenset[str]:
    found = (_PUBLIC.search(normalize(address) or address) for address in addresses)
    return frozenset(each["owner"].lower() for each in found if each)


def _urls(cluster: FluxCluster, source: Reference | None) -> set[str]:
    sources = cluster.of_kinds(source.kind) if source else ()
    return {text(m.get("spec", "url")) for m in sources if source and (m.namespace, m.name) == source[1:]}
