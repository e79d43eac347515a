"""What a cluster takes from elsewhere, and holds nothing that is told to Flux.

That is Flux itself where it is published, the text of a ConfigMap, definitions of kinds, and what a project publishes
for everybody: it is installed, and knows nothing of this cluster.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping

from scaffold.expand.urls import normalize
from scaffold.model import FluxCluster, Kustomization, Overlay, Sync
from scaffold.model.flux import Reference
from scaffold.model.values import text

_Urls = Mapping[Reference, Collection[str]]
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
    elsewhere, urls = [sync for sync in cluster.syncs if not sync.here], _urls(cluster)
    told = all(_DEFINITIONS.search(sync.manifest.name) or _installs(sync, urls) for sync in elsewhere)
    return len(set(cluster.unknown)) == len(elsewhere) and told


def reached(cluster: FluxCluster, addresses: Collection[str], directories: Container[str]) -> frozenset[str]:
    """The namespaces in which what a cluster takes from elsewhere may make objects of Flux, with "" for all of them.

    A project of somebody else makes none, nor does a ResourceSet that names none; of a branch the same path is here.
    `addresses` are those of this repository, and `directories` what it has.
    """
    elsewhere, urls = [sync for sync in cluster.syncs if not sync.here], _urls(cluster)
    makers, owners = list(cluster.of_kinds("ResourceSet")), owners_of(cluster, addresses)
    given = [str(maker.get("spec", field)) for maker in makers for field in ("resources", "resourcesTemplate")]
    if any(map(_OF_FLUX.search, given)) or len(set(cluster.unknown)) != len(elsewhere) + len(makers):
        return frozenset(("",))
    branched = {sync.reference for sync in branches(cluster, addresses, directories)}
    left = (sync for sync in elsewhere if sync.reference not in branched)
    return frozenset(_kept(sync) for sync in left if not _is_silent(sync, urls, owners))


def branches(cluster: FluxCluster, addresses: Collection[str], directories: Container[str]) -> list[Sync]:
    """What builds a path of another branch of this repository, for which the one that is here may be taken."""
    own, urls = frozenset(map(_plain, addresses)), _urls(cluster)
    paths = [
        sync for sync in cluster.syncs if not sync.here and sync.path not in ("", ".") and sync.path in directories
    ]
    return [sync for sync in paths if (told := urls.get(sync.source)) and own.issuperset(map(_plain, told))]


def owners_of(cluster: FluxCluster, addresses: Iterable[str]) -> frozenset[str]:
    """Who publishes this repository, and the one that the cluster begins with."""
    begun = _urls(cluster).get(cluster.source, ()) if cluster.source else ()
    found = (_PUBLIC.search(_plain(address)) for address in (*addresses, *begun))
    return frozenset(each["owner"].lower() for each in found if each)


def objects(cluster: FluxCluster) -> Iterator[tuple[str, str, str]]:
    """The kind, namespace and name of what it brings that others may name."""
    urls = _urls(cluster)
    for sync in cluster.syncs:
        if not sync.here and _installs(sync, urls):
            namespace = text(sync.manifest.get("spec", "targetNamespace")) or "flux-system"
            yield "Namespace", "", namespace
            for name in _CONTROLLERS:
                yield "Deployment", namespace, name
                yield "ServiceAccount", namespace, name
            for name in _SERVICES:
                yield "Service", namespace, name


def is_harmless(overlay: Overlay, kustomizations: Mapping[str, Kustomization], owners: frozenset[str]) -> bool:
    """Tell whether all that keeps an overlay from being built is such a text, definitions, or of somebody's project."""
    entered = _entered(overlay, kustomizations)
    remote = [reference for item in entered for reference in item.references if reference.remote]
    known = (
        _DEFINITIONS.search(item.text) or _RELEASED.match(item.text) or _is_of_others(item.text, owners)
        for item in remote
        if item.field == "resources"
    )
    return bool(remote) and all(known) and not any(item.manifest.get("helmCharts") for item in entered)


def is_local(overlay: Overlay, kustomizations: Mapping[str, Kustomization]) -> bool:
    """Tell whether all that an overlay is made of is here, be it built or not."""
    entered = _entered(overlay, kustomizations)
    remote = any(reference.remote for item in entered for reference in item.references)
    return not remote and not any(item.manifest.get(field) for item in entered for field in _MAKING)


def _entered(overlay: Overlay, kustomizations: Mapping[str, Kustomization]) -> list[Kustomization]:
    found = ((path, kustomizations.get(posixpath.dirname(path))) for path in overlay.reads)
    return [item for path, item in found if item and item.manifest.path == path]


def _is_silent(sync: Sync, urls: _Urls, owners: frozenset[str]) -> bool:
    """Tell whether what is built is Flux, definitions by its name, or a project that somebody else publishes."""
    told = urls.get(sync.source, ())
    project = bool(told) and all(_is_of_others(url, owners) for url in told)
    return bool(_DEFINITIONS.search(sync.manifest.name)) or _installs(sync, urls) or project


def _installs(sync: Sync, urls: _Urls) -> bool:
    told = urls.get(sync.source, ())
    return bool(told) and all(_PUBLISHED.match(url) for url in told)


def _is_of_others(url: str, owners: frozenset[str]) -> bool:
    found = _PUBLIC.match(url) if owners else None
    return found is not None and found["owner"].lower() not in owners and not _OF_CLUSTERS.search(found["name"])


def _kept(sync: Sync) -> str:
    """The namespace that what is built stays in: it is put there, or an account of one applies it; "" for none.

    What is put together in the cluster may be of this repository, whose Kustomizations name their namespaces.
    """
    target, own = text(sync.manifest.get("spec", "targetNamespace")), sync.manifest.namespace
    there = target or (own if sync.manifest.get("spec", "serviceAccountName") else "")
    return "" if "${" in there or sync.source.kind == "ExternalArtifact" else there


def _plain(url: str) -> str:
    return normalize(url) or url


def _urls(cluster: FluxCluster) -> _Urls:
    """Where the sources of a cluster are fetched from."""
    found: dict[Reference, set[str]] = {}
    for manifest in cluster.objects:
        if url := text(manifest.get("spec", "url")):
            found.setdefault(Reference(manifest.kind, manifest.namespace, manifest.name), set()).add(url)
    return found
