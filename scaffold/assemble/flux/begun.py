"""Which objects of Flux begin a cluster by themselves: what builds its own file, and what an operator makes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from scaffold import load
from scaffold.assemble import addresses
from scaffold.assemble.flux import patching, written
from scaffold.model import Conventions, Manifest, Place, Repository, Sync, dig, mapping, sequence
from scaffold.model.flux import SYNC
from scaffold.model.values import is_templated, is_variable, text

_INSTANCE = ("fluxcd.controlplane.io", "FluxInstance")
_INTERVAL = "10m"
_BOOTSTRAPPED = "flux-system"
_CHART, _RELEASE = "flux-instance", "HelmRelease"
_OF_INSTANCES = frozenset((("instance", "distribution"), ("instance", "sync")))


class Root(NamedTuple):
    """A Kustomization that nothing in the repository makes, and the cluster that it belongs to."""

    cluster: str
    manifest: Manifest


def instances(repository: Repository, text_of: Callable[[str], str]) -> Iterator[Manifest]:
    """The releases of the operator's chart that begins a cluster, by files of values, which others hand to them."""
    for path, file in repository.files.items():
        if any(key[:2] in _OF_INSTANCES for key in file.keys):
            documents = load.source_file(path, text_of(path).encode(), keep=True).documents or ({},)
            metadata, spec = {"name": _CHART}, {"values": documents[0]}
            yield Manifest(
                {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": _RELEASE, "metadata": metadata, "spec": spec}, path
            )


def roots(found: Iterable[Manifest], repository: Repository) -> list[Root]:
    """Kustomizations that build the file they stand in, and those that a FluxInstance makes, the outermost first.

    One that only stands below its path, in a file that no kustomization lists, is applied by hand where none else
    begins anything.
    """
    everything, known = list(found), repository.conventions
    elsewhere = _elsewhere(everything, known)
    told = (m for m in everything if written.is_sync(m) and (written.path_of(m) or is_bootstrapped(m)))
    told = (m for m in told if text(m.get("spec", "sourceRef", "name")) not in elsewhere)
    below = [m for m in told if written.is_in(m, written.below_own(m, known))]
    own = [m for m in below if written.is_read(m.path, written.below_own(m, known), repository.kustomizations)]
    if not own:
        listed = {reference.target for item in repository.kustomizations.values() for reference in item.references}
        own = [m for m in below if m.path not in listed]
    made = [
        m
        for item in everything
        for m in _made(item, _release_namespace(item, everything, known))
        if not (item.kind == _RELEASE and _is_below(m, own, known))
    ]
    ordered = sorted(own, key=_order)
    return [Root(written.below_own(m, known), m) for m in (*made, *ordered)]


def _elsewhere(found: Collection[Manifest], known: Conventions) -> set[str]:
    """The names of sources that are other repositories, where some source is this one, which might be a copy."""
    urls = [(m.name, text(m.get("spec", "url"))) for m in found if m.kind == "GitRepository"]
    urls += [("", text(mapping(_told(m).get("sync")).get("url"))) for m in found if m.kind in (_INSTANCE[1], _RELEASE)]
    own = {name for name, url in urls if addresses.same(url, known.repository_urls)}
    return {name for name, _ in urls} - own - {""} if own else set()


def _order(manifest: Manifest) -> tuple[bool, bool, int, str]:
    """What is called as `flux bootstrap` calls it comes first, then what stands beside that, and the outermost."""
    bootstrapped = (manifest.name == _BOOTSTRAPPED, manifest.namespace == _BOOTSTRAPPED)
    return not bootstrapped[0], not any(bootstrapped), len(written.path_of(manifest)), manifest.path


def _is_below(manifest: Manifest, others: Iterable[Manifest], known: Conventions) -> bool:
    """Tell whether one of others builds what a Kustomization does, too, and so begins the same cluster."""
    path = f"{written.below_own(manifest, known)}/"
    return any(path.startswith(f"{written.below_own(other, known)}/") for other in others)


def is_bootstrapped(manifest: Manifest) -> bool:
    """Tell whether `flux bootstrap` writes a Kustomization, whose path may be the whole repository."""
    names = (manifest.name, manifest.namespace, manifest.get("spec", "sourceRef", "name"))
    return names == (_BOOTSTRAPPED,) * 3


def who(repository: Repository, sync: Sync) -> tuple[str, Place]:
    """What says which path is built, and where: the Kustomization of a FluxInstance is in no file."""
    manifest = sync.manifest
    head = next((h for h in repository.files[manifest.path].heads if h.document == manifest.document), None)
    if head and head.kind == _INSTANCE[1]:
        return f"{head.kind} {head.name!r}", Place(manifest.path, head.document, ("spec", "sync", "path"))
    return f"Kustomization {manifest.name!r}", manifest.place("spec", "path")


def begins(repository: Repository, sync: Sync) -> bool:
    """Tell whether a Kustomization is what `flux bootstrap` writes, or what an operator makes."""
    return is_bootstrapped(sync.manifest) or who(repository, sync)[0].startswith(_INSTANCE[1])


def _told(instance: Manifest) -> Mapping[str, Any]:
    """What a FluxInstance says, or a release of its chart; empty for whatever else."""
    if instance.kind == _RELEASE and instance.name == _CHART:
        return mapping(instance.get("spec", "values", "instance"))
    return mapping(instance.get("spec")) if (instance.group, instance.kind) == _INSTANCE else {}


def _release_namespace(instance: Manifest, found: Iterable[Manifest], known: Conventions) -> str:
    """The namespace that an instance is in: its own, else that of the Kustomization which builds its directory."""
    if instance.namespace or not _told(instance):
        return instance.namespace
    syncs = (m for m in found if (m.group, m.kind) == SYNC and written.path_of(m))  # a patch may add their source
    builds = [(written.below_own(m, known), m) for m in syncs]
    own = [(path, m) for path, m in builds if written.is_in(instance, path)]
    _, nearest = max(own, key=lambda item: len(item[0]), default=("", None))
    return text(nearest.get("spec", "targetNamespace")) if nearest else ""


def _made(instance: Manifest, namespace: str) -> Iterator[Manifest]:
    """The Kustomization that flux-operator makes for a FluxInstance with a sync, which may come from its chart."""
    charted, told = instance.kind == _RELEASE, _told(instance)
    sync = mapping(told.get("sync"))
    if not sync:
        return
    namespace = namespace or "flux-system"
    name = text(sync.get("name")) or namespace
    kind, path = text(sync.get("kind")), text(sync.get("path"))
    if charted and (is_variable(path) or is_templated(path)):
        return  # each cluster has one of its own
    if kind != "GitRepository" and path.strip("./") == "":
        path = written.cluster_of(instance.path)  # the whole of an artifact, and nobody says of what that is made
        if not path:
            return
    spec = {"interval": _INTERVAL, "path": path, "prune": True, "sourceRef": {"kind": kind, "name": name}}
    metadata = {"name": name, "namespace": namespace}
    data = {"apiVersion": f"{SYNC[0]}/v1", "kind": SYNC[1], "metadata": metadata, "spec": spec}
    patches = sequence(dig(told, "kustomize", "patches"))
    yield Manifest(patching.patched(data, patches), instance.path, instance.document)
