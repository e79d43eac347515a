"""The objects of Flux as they stand in files, and which of them begin a cluster."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from scaffold import load
from scaffold.assemble import patched
from scaffold.model import Conventions, Kustomization, Manifest, Repository, dig, mapping, sequence
from scaffold.model.flux import SYNC, is_flux
from scaffold.model.values import is_templated, is_variable, text

_CLUSTER = re.compile(r"(?:\A|.*/)clusters/[^/]+(?=/)")
_INSTANCE = ("fluxcd.controlplane.io", "FluxInstance")
_CHART, _RELEASE = "flux-instance", "HelmRelease"
_OF_INSTANCES = frozenset((("instance", "distribution"), ("instance", "sync")))
_INTERVAL = "10m"
_BOOTSTRAPPED = "flux-system"
_Key = tuple[str, int, str]
_Over = Mapping[_Key, AbstractSet[_Key]]  # by each Kustomization, those whose paths it stands below


class Root(NamedTuple):
    """A Kustomization that nothing in the repository makes, and the cluster that it belongs to."""

    cluster: str
    manifest: Manifest


def manifests(repository: Repository) -> Iterator[Manifest]:
    """Every object of Flux in a file, but for those that a kustomization takes for a patch.

    One without a namespace has that of the only kustomization that lists it.
    """
    patches, namespaces = patched.files(repository), _namespaces(repository)
    for path in sorted(repository.files):
        if path not in patches and any(is_flux(head.group) for head in repository.files[path].heads):
            parts = (part for whole in repository.files[path].manifests() for part in load.members(whole))
            found = (manifest for manifest in parts if is_flux(manifest.group) and manifest.name)
            yield from (_placed(manifest, namespaces.get(path, frozenset())) for manifest in found)


def _namespaces(repository: Repository) -> dict[str, set[str]]:
    """The namespaces that kustomizations give to what files hold that they list, by the paths of these."""
    found: dict[str, set[str]] = {}
    for item in repository.kustomizations.values():
        for reference in item.references:
            if reference.field == "resources":
                found.setdefault(reference.target, set()).add(text(item.manifest.get("namespace")))
    return found


def _placed(manifest: Manifest, namespaces: AbstractSet[str]) -> Manifest:
    told = next(iter(namespaces)) if len(namespaces) == 1 else ""
    if manifest.namespace or not told:
        return manifest
    data = {**manifest.data, "metadata": {**manifest.metadata, "namespace": told}}
    return dataclasses.replace(manifest, data=data)


def is_sync(manifest: Manifest) -> bool:
    """Tell a Kustomization of Flux from a part of one, as a patch is."""
    return (manifest.group, manifest.kind) == SYNC and bool(mapping(dig(manifest.data, "spec", "sourceRef")))


def path_of(manifest: Manifest) -> str:
    """The path of a Kustomization below the root of its source."""
    cleaned = posixpath.normpath(f"/{text(manifest.get('spec', 'path'))}").strip("/")
    return "" if cleaned == "." else cleaned


def cluster_of(path: str) -> str:
    """The directory of the cluster that a file belongs to, where its path says so."""
    found = _CLUSTER.match(path)
    return found[0] if found else ""


def is_of(manifest: Manifest, cluster: str) -> bool:
    """Tell whether an object may be of a cluster: it stands in no other one's directory."""
    own = cluster_of(manifest.path)
    return not own or own == cluster or cluster_of(f"{cluster}/") == ""


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
    told = (m for m in everything if is_sync(m) and (path_of(m) or _is_bootstrapped(m)))
    below = [m for m in told if _is_in(m, below_own(m, known))]
    own = [m for m in below if _is_read(m.path, below_own(m, known), repository.kustomizations)]
    if not own:
        listed = {reference.target for item in repository.kustomizations.values() for reference in item.references}
        own = [m for m in below if m.path not in listed]
    made = [m for item in everything for m in _made(item) if not (item.kind == _RELEASE and _is_below(m, own, known))]
    ordered = sorted(own, key=lambda m: ("flux-system" not in (m.name, m.namespace), len(path_of(m)), m.path))
    return [Root(below_own(m, known), m) for m in (*made, *ordered)]


def _is_below(manifest: Manifest, others: Iterable[Manifest], known: Conventions) -> bool:
    """Tell whether one of others builds what a Kustomization does, too, and so begins the same cluster."""
    path = f"{below_own(manifest, known)}/"
    return any(path.startswith(f"{below_own(other, known)}/") for other in others)


def _is_bootstrapped(manifest: Manifest) -> bool:
    """Tell whether `flux bootstrap` writes a Kustomization, whose path may be the whole repository."""
    names = (manifest.name, manifest.namespace, manifest.get("spec", "sourceRef", "name"))
    return names == (_BOOTSTRAPPED,) * 3


def _is_read(path: str, directory: str, kustomizations: Mapping[str, Kustomization]) -> bool:
    """Tell whether a build of a directory reads a file; without a kustomization it reads all that is there."""
    return directory not in kustomizations or path in load.read_by(directory, kustomizations)


def below_own(manifest: Manifest, known: Conventions) -> str:
    """The path of a Kustomization, if its source is the repository that it stands in."""
    return posixpath.join(known.home(manifest.path), path_of(manifest)).rstrip("/")


def _is_in(manifest: Manifest, directory: str) -> bool:
    return not directory or manifest.path.startswith(f"{directory}/")


def _made(instance: Manifest) -> Iterator[Manifest]:
    """The Kustomization that flux-operator makes for a FluxInstance with a sync, which may come from its chart."""
    charted = instance.kind == _RELEASE and instance.name == _CHART
    if not charted and (instance.group, instance.kind) != _INSTANCE:
        return
    sync = mapping(instance.get(*(("spec", "values", "instance", "sync") if charted else ("spec", "sync"))))
    if not sync:
        return
    namespace = instance.namespace or "flux-system"
    name = text(sync.get("name")) or namespace
    kind, path = text(sync.get("kind")), text(sync.get("path"))
    if charted and (is_variable(path) or is_templated(path)):
        return  # each cluster has one of its own
    if kind != "GitRepository" and path.strip("./") == "":
        path = cluster_of(instance.path)  # the whole of an artifact, and nobody says of what that is made
        if not path:
            return
    spec = {"interval": _INTERVAL, "path": path, "prune": True, "sourceRef": {"kind": kind, "name": name}}
    metadata = {"name": name, "namespace": namespace}
    data = {"apiVersion": f"{SYNC[0]}/v1", "kind": SYNC[1], "metadata": metadata, "spec": spec}
    yield Manifest(data, instance.path, instance.document)


def alone(
    found: Iterable[Manifest], reached: frozenset[_Key], begun: frozenset[str], repository: Repository
) -> list[Root]:
    """The Kustomizations of clusters that nothing in the repository begins: nobody knows what applies them.

    Where some cluster is begun, only what stands in another cluster's directory counts: the rest is not in use. Nor is
    one that the kustomization beside it leaves out, where that lists others.
    """
    known = repository.conventions
    syncs = [m for m in found if is_sync(m) and key(m) not in reached]
    left = [m for m in syncs if not begun or (cluster_of(m.path) and cluster_of(m.path) not in begun)]
    listed = [m for m in left if _is_read(m.path, posixpath.dirname(m.path), repository.kustomizations)]
    used = {posixpath.dirname(m.path) for m in listed}
    kept = set(map(key, listed))
    left = [m for m in left if key(m) in kept or posixpath.dirname(m.path) not in used]
    paths = [(other, below_own(other, known)) for other in left if path_of(other)]
    built = {path for _, path in paths} & repository.kustomizations.keys()
    read = {path: frozenset(load.read_by(path, repository.kustomizations)) for path in built}

    def holds(path: str, manifest: Manifest) -> bool:
        return manifest.path in read[path] if path in read else _is_in(manifest, path)

    over = {key(m): {key(o) for o, path in paths if o is not m and holds(path, m)} for m in left}
    return [Root(cluster_of(m.path), m) for m in _in_use(left, _outermost(left, over), over)]


def _in_use(found: Iterable[Manifest], roots: Sequence[Manifest], over: _Over) -> list[Manifest]:
    """The roots without those that stand where clusters take others from, and nothing begins.

    So a directory of applications has some that no site lists any more.
    """
    begun = {key(m) for m in roots}
    heads = {place for m in roots if any(key(m) in above for above in over.values()) for place in _places(m)}
    taken = {place for m in found if key(m) not in begun for place in _places(m)} - heads
    return [m for m in roots if taken.isdisjoint(_places(m))]


def _places(manifest: Manifest) -> Iterator[str]:
    """The directory of an object, and those above it but for the root."""
    directory = posixpath.dirname(manifest.path)
    while directory:
        yield directory
        directory = posixpath.dirname(directory)


def _outermost(found: Sequence[Manifest], over: _Over) -> list[Manifest]:
    """Those that are below no other; of what is only below each other, those below none of their own source.

    So one that builds the same path of another repository, and stands below what it seems to build, hides nothing.
    """
    sources = {key(m): repr(m.get("spec", "sourceRef")) for m in found}
    begun = {item for item in over if not over[item]}
    circle = over.keys() - _below(begun, over)
    inner = {item: {o for o in over[item] & circle if sources[o] == sources[item]} for item in circle}
    begun |= {item for item in circle if not inner[item]}
    reached = _below(begun, over)
    for m in sorted(found, key=lambda m: (len(path_of(m)), m.path)):
        if key(m) not in reached:
            begun.add(key(m))
            reached |= _below({key(m)}, over)
    return [m for m in found if key(m) in begun]


def _below(begun: AbstractSet[_Key], over: _Over) -> set[_Key]:
    """Some, and all that is below them."""
    reached, new = set(begun), set(begun)
    while new:
        new = {item for item, others in over.items() if item not in reached and not new.isdisjoint(others)}
        reached |= new
    return reached


def key(manifest: Manifest) -> tuple[str, int, str]:
    """What tells an object in the files from all others."""
    return manifest.path, manifest.document, manifest.name


def components(path: str, told: object) -> Iterator[str]:
    """The directories of the components that a Kustomization adds at a path."""
    for item in sequence(told):
        if isinstance(item, str):
            yield posixpath.normpath(posixpath.join(path, item))
