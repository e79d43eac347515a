"""Which files hold objects that a kustomization patches, so that what stands there is not what the engine gets."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold import load
from scaffold.assemble import written
from scaffold.model import Kustomization, Manifest, Repository, dig, sequence

FIELDS = ("patches", "patchesJson6902", "patchesStrategicMerge")
_SETTING = frozenset((*FIELDS, "replacements"))
_KINDS = frozenset(("Application", "ApplicationSet", "AppProject"))


def files(repository: Repository) -> frozenset[str]:
    """The files that are patches themselves."""
    return repository.once(_files)


def changed(repository: Repository) -> frozenset[tuple[str, str]]:
    """Files with the kind of Argo CD's objects in them that some kustomization patches."""
    return repository.once(_changed)


def is_changed(repository: Repository, manifest: Manifest) -> bool:
    """Tell whether a kustomization that reads a manifest, which is no patch itself, patches objects of its kind."""
    known = repository.kustomizations if manifest.path not in files(repository) else {}
    setting = ((place, item) for place, item in known.items() if not _SETTING.isdisjoint(item.manifest.data))
    patching = (place for place, item in setting if manifest.kind in _kinds(repository, item))
    return any(manifest.path in load.read_by(place, known) for place in patching)


def patching(repository: Repository, kind: str) -> frozenset[str]:
    """The directories of kustomizations that patch objects of a kind."""
    setting = ((path, k) for path, k in repository.kustomizations.items() if not _SETTING.isdisjoint(k.manifest.data))
    return frozenset(path for path, item in setting if kind in _kinds(repository, item))


def deployed(repository: Repository, kind: str) -> Iterator[Manifest]:
    """The objects of a kind of Argo CD as an engine gets them: as written, or as kustomizations patch them."""
    apart, setting = changed(repository), files(repository)
    for manifest in written.manifests(repository, f"argoproj.io/{kind}"):
        if manifest.path not in setting and (manifest.path, kind) not in apart:
            yield manifest
    yield from (manifest for manifest in repository.patched if manifest.kind == kind)


def _files(repository: Repository) -> frozenset[str]:
    references = (reference for item in repository.kustomizations.values() for reference in item.references)
    return frozenset(reference.target for reference in references if reference.field in FIELDS)


def _changed(repository: Repository) -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for directory, item in repository.kustomizations.items():
        if _SETTING.isdisjoint(item.manifest.data):
            continue
        kinds = _kinds(repository, item) & _KINDS
        below = load.read_by(directory, repository.kustomizations) if kinds else ()
        found.update((path, kind) for path in below for kind in kinds)
    return frozenset(found)


def _kinds(repository: Repository, item: Kustomization) -> set[str]:
    """The kinds of objects whose fields a kustomization's patches set."""
    found = {str(kind) for kind in _replaced(item)}
    for field in FIELDS:
        for entry in sequence(item.manifest.get(field)):
            target = dig(entry, "target", "kind")
            found |= {str(target)} if target else set(_declared(repository, item, entry))
    return found


def _replaced(item: Kustomization) -> Iterator[object]:
    for entry in sequence(item.manifest.get("replacements")):
        yield from (dig(target, "select", "kind") for target in sequence(dig(entry, "targets")))


def _declared(repository: Repository, item: Kustomization, entry: object) -> Iterator[str]:
    """The kinds that a patch without a target names, in a file or on the spot."""
    path, text = (entry, entry) if isinstance(entry, str) else (dig(entry, "path"), dig(entry, "patch"))
    file = repository.files.get(posixpath.normpath(posixpath.join(item.directory, str(path))))
    if file is None and isinstance(text, str):
        file = load.source_file("", text.encode())
    yield from (head.kind for head in (file.heads if file else ()))
