"""The versions of charts: where they are declared, and the edits that give an overlay another one."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from scaffold import edit, load
from scaffold.bump.edits import Edit, Spot
from scaffold.bump.reading import Document, Reading, Setting, Site
from scaffold.errors import ScaffoldError
from scaffold.model import How, Image, Overlay, Pointer, dig, mapping, sequence

_POINTERS: dict[str, tuple[Pointer, ...]] = {
    "HelmRelease": (("spec", "chart", "spec", "version"),),
    "OCIRepository": (("spec", "ref", "tag"), ("spec", "ref", "semver"), ("spec", "ref", "digest")),
}


class Chart(NamedTuple):
    """A chart's version: what declares it, and the scalar that does."""

    owner: str
    pointer: Pointer
    version: str


def charts(manifests: Iterable[Any]) -> dict[tuple[str, Pointer], str]:
    """The versions that manifests declare, by what declares them and where."""
    return {(item.owner, item.pointer): item.version for data in manifests for item in _declared(data)}


def _declared(data: Any) -> Iterator[Chart]:
    kind, name = dig(data, "kind"), dig(data, "metadata", "name")
    for pointer in _POINTERS.get(str(kind), ()):
        version = dig(data, *pointer)
        if isinstance(version, str):
            yield Chart(f"{kind}/{name}", pointer, version)
    if kind == "Application":
        for pointer in (("spec", "source"), *(("spec", "sources", n) for n, _ in enumerate(_sources(data)))):
            chart, version = dig(data, *pointer, "chart"), dig(data, *pointer, "targetRevision")
            if isinstance(chart, str) and isinstance(version, str):
                yield Chart(f"chart/{chart}", (*pointer, "targetRevision"), version)


def _sources(data: Any) -> list[Any]:
    return list(sequence(dig(data, "spec", "sources")))


def dependencies(data: Any) -> dict[tuple[str, Pointer], str]:
    """The versions of an umbrella's dependencies."""
    found: dict[tuple[str, Pointer], str] = {}
    for index, item in enumerate(sequence(dig(data, "dependencies"))):
        name, version = dig(item, "alias") or dig(item, "name"), dig(item, "version")
        if isinstance(name, str) and isinstance(version, str):
            found[f"chart/{name}", ("dependencies", index, "version")] = version
    return found


def setting(reading: Reading, overlay: Overlay, owner: str, before: str, version: str, pointer: Pointer) -> Setting:
    """The edits for another version; raises ScaffoldError where only what is shared declares it."""
    edits = list(_edits(reading, overlay, owner, pointer, version))
    if not edits:
        fact = f"nothing of {overlay.path} alone declares the version of {owner}"
        raise ScaffoldError(f"{fact}; patch {'.'.join(map(str, pointer))} there first")
    spot, change = edits[0]
    site = Site(overlay.path, spot, change.pointer, Image(owner.partition("/")[2], before))
    return Setting(site, tuple(edits))


def _edits(reading: Reading, overlay: Overlay, owner: str, pointer: Pointer, version: str) -> Iterator[Edit]:
    for document in _owned(reading, overlay):
        declared = {**charts([document.data]), **dependencies(document.data)}
        if (owner, pointer) in declared:
            yield _set(document.spot, pointer, version)
        elif _target(reading, document.spot) == owner:
            text = "/" + "/".join(map(str, pointer))
            for index, operation in enumerate(sequence(document.data)):
                if dig(operation, "path") == text and isinstance(dig(operation, "value"), str):
                    yield _set(document.spot, (index, "value"), version)


def _set(spot: Spot, pointer: Pointer, version: str) -> Edit:
    return Edit(spot, edit.Set(spot.document, pointer, version))


def _owned(reading: Reading, overlay: Overlay) -> Iterator[Document]:
    """The documents that may be edited for the overlay."""
    if overlay.how is How.HELM:
        path = posixpath.join(overlay.path, "Chart.yaml")
        yield from (Document(Spot(path, number), data) for number, data in enumerate(reading.documents(path)))
        return
    known = reading.repository.kustomizations
    paths = load.read_by(overlay.path, known) if overlay.path in known else overlay.reads
    yield from (item for path in paths if reading.is_owned(path) for item in reading.each(path))


def _target(reading: Reading, spot: Spot) -> str:
    """What the patch that holds a document is about."""
    if not spot.within:
        return ""
    number, pointer = spot.within
    target = mapping(dig(reading.documents(spot.path)[number], *pointer[:2], "target"))
    return f"{target.get('kind')}/{target.get('name')}"
