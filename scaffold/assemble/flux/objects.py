"""The objects of a cluster of Flux that files tell of, whoever makes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scaffold.assemble.flux import foreign
from scaffold.model import FluxCluster, Overlay, Repository

_Object = tuple[str, str, str]  # kind, namespace and name
_MAKERS = {"ExternalSecret": "Secret", "SealedSecret": "Secret", "ClusterExternalSecret": "Secret"}
# The accounts that Flux brings along, whoever installs it; that file may be one that somebody has still to write.
_ACCOUNTS = ("source-controller", "kustomize-controller", "helm-controller", "notification-controller")
_BY_HAND = frozenset(("ConfigMap", "Secret"))


def of(repository: Repository, cluster: FluxCluster, overlays: Sequence[Overlay]) -> Iterator[_Object]:
    """Yield the kind, namespace and name of each; `overlays` are what the cluster builds, or all where nothing says."""
    for overlay in overlays:
        yield from _rendered(overlay)
        yield from _declared(repository, overlay.reads if overlay.error else ())  # what it would have
    yield from _declared(repository, _on_branches(repository, cluster))
    for manifest in cluster.objects:
        yield manifest.kind, manifest.namespace, manifest.name
    yield from cluster.made
    if cluster.source:  # bootstrap and flux-operator call the two objects that begin a cluster alike
        yield cluster.source
        yield "Kustomization", cluster.source.namespace, cluster.source.name
        yield from (("ServiceAccount", cluster.source.namespace, name) for name in _ACCOUNTS)
    yield from foreign.objects(cluster)
    yield from _by_hand(repository, _of_others(repository, cluster, overlays))


def _rendered(overlay: Overlay) -> Iterator[_Object]:
    for item in overlay.objects:
        yield item.kind, item.namespace, item.name
        if item.kind in _MAKERS:
            yield _MAKERS[item.kind], item.namespace, item.name
        yield from ((made.kind, made.namespace or item.namespace, made.name) for made in item.makes)


def _declared(repository: Repository, paths: Iterable[str]) -> Iterator[_Object]:
    for path in paths:
        heads = repository.files[path].heads if path in repository.files else ()
        yield from ((head.kind, head.namespace, head.name) for head in heads)


def _on_branches(repository: Repository, cluster: FluxCluster) -> Iterator[str]:
    """The files that another branch has, too, and that are built of it."""
    found = foreign.branches(cluster, repository.conventions.repository_urls, repository.directories)
    starts = tuple({f"{sync.path}/" for sync in found})
    yield from (path for path in repository.files if path.startswith(starts))


def _by_hand(repository: Repository, others: frozenset[str]) -> Iterator[_Object]:
    """What somebody may apply by hand: a file declares it that is not for another cluster alone."""
    for file in repository.files.values():
        for head in file.heads if file.path not in others else ():
            if head.kind in _BY_HAND and head.api_version == "v1":
                yield head.kind, head.namespace, head.name


def _of_others(repository: Repository, cluster: FluxCluster, overlays: Sequence[Overlay]) -> frozenset[str]:
    """The files that other clusters build, and this one does not, where each has a name."""
    if not cluster.name:
        return frozenset()
    own = {path for overlay in overlays for path in overlay.reads}
    known = repository.overlays
    built = (s.overlay for each in repository.flux if each.name not in ("", cluster.name) for s in each.syncs)
    return frozenset(path for name in built if name in known for path in known[name].reads) - own
