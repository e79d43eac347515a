"""The objects of Flux as they stand in files, and which of them begin a cluster."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from scaffold import load
from scaffold.assemble import patched
from scaffold.model import Conventions, Kustomization, Manifest, Repository, dig, mapping, sequence
from scaffold.model.flux import SYNC, is_flux
from scaffold.model.values import text

_CLUSTER = re.compile(r"(?:\A|.*/)clusters/[^/]+(?=/)")
_INSTANCE = ("fluxcd.controlplane.io", "FluxInstance")
_INTERVAL = "10m"


class Root(NamedTuple):
    """A Kustomization that nothing in the repository makes, and the cluster that it belongs to."""

    cluster: str
    manifest: Manifest


def manifests(repository: Repository) -> Iterator[Manifest]:
    """Every object of Flux in a file, but for those that a kustomization takes for a patch."""
    patches = patched.files(repository)
    for path in sorted(repository.files):
        if path not in patches and any(is_flux(head.group) for head in repository.files[path].heads):
            parts = (part for whole in repository.files[path].manifests() for part in load.members(whole))
            yield from (manifest for manifest in parts if is_flux(manifest.group) and manifest.name)


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


def roots(found: Iterable[Manifest], repository: Repository) -> list[Root]:
    """Kustomizations that build the file they stand in, and those that a FluxInstance makes, the outermost first.

    One that only stands below its path, in a file that the kustomization there leaves out, is applied by hand where
    none else begins anything.
    """
    everything, known = list(found), repository.conventions
    below = [m for m in everything if is_sync(m) and path_of(m) and _is_in(m, below_own(m, known))]
    own = [m for m in below if _is_read(m.path, below_own(m, known), repository.kustomizations)] or below
    made = [m for item in everything if (item.group, item.kind) == _INSTANCE for m in _made(item)]
    ordered = sorted(own, key=lambda m: ("flux-system" not in (m.name, m.namespace), len(path_of(m)), m.path))
    return [Root(below_own(m, known), m) for m in (*made, *ordered)]


def _is_read(path: str, directory: str, kustomizations: Mapping[str, Kustomization]) -> bool:
    """Tell whether a build of a directory reads a file; without a kustomization it reads all that is there."""
    return directory not in kustomizations or path in load.read_by(directory, kustomizations)


def below_own(manifest: Manifest, known: Conventions) -> str:
    """The path of a Kustomization, if its source is the repository that it stands in."""
    return posixpath.join(known.home(manifest.path), path_of(manifest)).rstrip("/")


def _is_in(manifest: Manifest, directory: str) -> bool:
    return manifest.path.startswith(f"{directory}/")


def _made(instance: Manifest) -> Iterator[Manifest]:
    """The Kustomization that flux-operator makes for a FluxInstance with a sync."""
    sync = mapping(instance.get("spec", "sync"))
    if not sync:
        return
    namespace = instance.namespace or "flux-system"
    name = text(sync.get("name")) or namespace
    spec = {
        "interval": _INTERVAL,
        "path": text(sync.get("path")),
        "prune": True,
        "sourceRef": {"kind": text(sync.get("kind")), "name": name},
    }
    metadata = {"name": name, "namespace": namespace}
    data = {"apiVersion": f"{SYNC[0]}/v1", "kind": SYNC[1], "metadata": metadata, "spec": spec}
    yield Manifest(data, instance.path, instance.document)


def alone(
    found: Iterable[Manifest], reached: frozenset[tuple[str, int, str]], begun: frozenset[str], known: Conventions
) -> list[Root]:
    """The Kustomizations of clusters that nothing in the repository begins: nobody knows what applies them.

    Where some cluster is begun, only what stands in another cluster's directory counts: the rest is not in use.
    """
    syncs = [m for m in found if is_sync(m) and key(m) not in reached]
    left = [m for m in syncs if not begun or (cluster_of(m.path) and cluster_of(m.path) not in begun)]
    paths = [(other, below_own(other, known)) for other in left if path_of(other)]
    below = {key(m) for m in left for other, path in paths if other is not m and _is_in(m, path)}
    return [Root(cluster_of(m.path), m) for m in left if key(m) not in below]


def key(manifest: Manifest) -> tuple[str, int, str]:
    """What tells an object in the files from all others."""
    return manifest.path, manifest.document, manifest.name


def components(path: str, told: object) -> Iterator[str]:
    """The directories of the components that a Kustomization adds at a path."""
    for item in sequence(told):
        if isinstance(item, str):
            yield posixpath.normpath(posixpath.join(path, item))
