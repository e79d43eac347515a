"""What the patches of an overlay's kustomizations take away that its files declare."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from scaffold import load
from scaffold.assemble import flux
from scaffold.model import Head, How, Kustomization, Overlay, Place, Pointer, Repository, dig, mapping, sequence

_DELETES = "$patch: delete"
_Object = tuple[str, str]  # `group/Kind` and name


def deleted(repository: Repository, overlay: Overlay) -> dict[_Object, Place]:
    """Every object that is declared for an overlay, patched in it and not rendered, with the patch that does so."""
    if overlay.how not in (How.FLUX, How.KUSTOMIZE) or overlay.partial or not overlay.manifests:
        return {}
    found = {key: place for level in _levels(repository, overlay) for key, place in _patched(repository, level)}
    rendered = {(f"{m.group}/{m.kind}", m.name) for m in overlay.manifests} if found else set()
    declared = _declared(repository, overlay) if found else set()
    return {key: place for key, place in found.items() if key in declared and key not in rendered}


def _levels(repository: Repository, overlay: Overlay) -> Iterator[Kustomization]:
    known = repository.kustomizations
    starts = flux.starts(overlay.path, overlay.build) if overlay.build else (overlay.path,)
    entered = {inner: None for start in starts if start in known for inner in load.closure(start, known)[0]}
    yield from (known[directory] for directory in entered)


def _declared(repository: Repository, overlay: Overlay) -> set[_Object]:
    """What the files are that kustomizations list as resources."""
    listed = {r.target for level in _levels(repository, overlay) for r in level.references if r.field == "resources"}
    files = (repository.files[path] for path in overlay.reads if path in listed and path in repository.files)
    return {_key(head) for file in files for head in file.heads}


def _patched(repository: Repository, level: Kustomization) -> Iterator[tuple[_Object, Place]]:
    """What patches speak of that may delete it; which of their files do, nothing but the build tells here."""
    for field in ("patches", "patchesStrategicMerge"):
        for index, entry in enumerate(sequence(level.manifest.get(field))):
            path, text = (entry, entry) if isinstance(entry, str) else (dig(entry, "path"), dig(entry, "patch"))
            pointer: Pointer = (field, index) if isinstance(entry, str) else (field, index, "patch")
            if dig(entry, "options") or mapping(dig(entry, "target")).keys() - {"group", "version", "kind", "name"}:
                continue
            yield from _heads(repository, level, (path, text), entry, pointer)


def _heads(
    repository: Repository, level: Kustomization, told: tuple[Any, Any], entry: object, pointer: Pointer
) -> Iterator[tuple[_Object, Place]]:
    path, text = told
    file = repository.files.get(posixpath.normpath(posixpath.join(level.directory, str(path)))) if path else None
    if file:
        yield from ((_aimed(head, entry), Place(file.path, head.document, ("metadata", "name"))) for head in file.heads)
    elif isinstance(text, str) and _DELETES in text:
        heads = load.source_file("", text.encode()).heads
        yield from ((_aimed(head, entry), level.place(*pointer)) for head in heads)


def _aimed(head: Head, entry: object) -> _Object:
    """What a patch is for: a target says it, and else the patch itself."""
    name = dig(entry, "target", "name")
    kind = dig(entry, "target", "kind")
    return f"{head.group}/{kind or head.kind}", str(name or head.name)


def _key(head: Head) -> _Object:
    return f"{head.group}/{head.kind}", head.name
