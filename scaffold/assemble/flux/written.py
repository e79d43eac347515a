"""The objects of Flux as they stand in files."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from scaffold import load
from scaffold.assemble import patched
from scaffold.model import Conventions, Kustomization, Manifest, Repository, above, dig, mapping, sequence
from scaffold.model.flux import SYNC, is_flux
from scaffold.model.values import text

_CLUSTER = re.compile(r"(?:\A|.*/)clusters/[^/]+(?=/)")


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


def is_read(path: str, directory: str, kustomizations: Mapping[str, Kustomization]) -> bool:
    """Tell whether a build of a directory reads a file; without a kustomization it reads all that is there."""
    return directory not in kustomizations or path in load.read_by(directory, kustomizations)


def below_own(manifest: Manifest, known: Conventions) -> str:
    """The path of a Kustomization, if its source is the repository that it stands in."""
    return posixpath.join(known.home(manifest.path), path_of(manifest)).rstrip("/")


def is_in(manifest: Manifest, directory: str) -> bool:
    return not directory or manifest.path.startswith(f"{directory}/")


def stores(taken: Iterable[str], heads: Iterable[str]) -> frozenset[str]:
    """The directories that clusters take Kustomizations from, by the files of these, and in which none of them begins.

    What stands there and is taken by no cluster, since no site lists it any more, begins none itself.
    """
    return frozenset(place for path in taken for place in above(path)) - {p for path in heads for p in above(path)}


def key(manifest: Manifest) -> tuple[str, int, str]:
    """What tells an object in the files from all others."""
    return manifest.path, manifest.document, manifest.name


def components(path: str, told: object) -> Iterator[str]:
    """The directories of the components that a Kustomization adds at a path."""
    for item in sequence(told):
        if isinstance(item, str):
            yield posixpath.normpath(posixpath.join(path, item))
