"""Which versions of charts overlays of environments take, where no file tells of the clusters that have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import load
from scaffold.assemble import ranks
from scaffold.model import (
    How,
    Kustomization,
    Manifest,
    Overlay,
    Place,
    Pointer,
    Repository,
    dig,
    is_variable,
    mapping,
    nearness,
    sequence,
)
from scaffold.model.values import text
from scaffold.rules.taking import Use

_CHART: Pointer = ("spec", "chart", "spec")
_FIELDS: Mapping[str, tuple[Pointer, ...]] = {
    "HelmRelease": ((*_CHART, "chart"), (*_CHART, "version")),
    "OCIRepository": (("spec", "url"), ("spec", "ref", "tag"), ("spec", "ref", "semver")),
}
_Object = tuple[str, str]  # kind and name
_Said = dict[Pointer, tuple[str, Place]]


def of(repository: Repository) -> Iterator[Use]:
    """What each overlay of an environment takes: as the file says that stands nearest to it, or a patch in it."""
    if any(cluster.syncs for cluster in repository.flux):
        return
    written: dict[str, list[Manifest]] = {}
    for manifest in repository.manifests():
        if manifest.kind in _FIELDS:
            written.setdefault(manifest.path, []).append(manifest)
    for overlay in repository.overlays.values() if written else ():
        stage = _stage(overlay)
        if overlay.how is How.KUSTOMIZE and stage:
            yield from _uses(_said(repository, overlay, written), stage)


def _stage(overlay: Overlay) -> str:
    """The name that stands in the promotion order: its environment's, or one of a directory that it stands in."""
    names = (overlay.environment, *overlay.path.split("/"))
    return next((name for name in names if ranks.rank(name) is not None), "")


def _uses(said: Mapping[_Object, _Said], stage: str) -> Iterator[Use]:
    for (kind, name), fields in said.items():
        chart, *versions = (fields[pointer] for pointer in _FIELDS[kind] if pointer in fields)
        version, place = versions[-1] if versions else ("", None)
        if place and not is_variable(f"{chart[0]}{version}"):
            yield Use(f"{kind} {name!r}", f"{kind}/{name}", chart[0].rpartition("/")[2], version, stage, place)


def _said(repository: Repository, overlay: Overlay, written: Mapping[str, list[Manifest]]) -> dict[_Object, _Said]:
    """What is said of each object, the farthest first, so that what is nearer wins."""
    found: dict[_Object, _Said] = {}
    for path in sorted(overlay.reads, key=lambda path: (nearness(overlay.path, path), path)):
        for manifest in written.get(path, ()):
            _add(found.setdefault((manifest.kind, manifest.name), {}), manifest)
        directory, _, _ = path.rpartition("/")
        item = repository.kustomizations.get(directory)
        if item and item.manifest.path == path:
            _patch(found, item)
    return {key: fields for key, fields in found.items() if _FIELDS[key[0]][0] in fields}


def _add(fields: _Said, manifest: Manifest) -> None:
    for pointer in _FIELDS[manifest.kind]:
        if value := text(manifest.get(*pointer)):
            fields[pointer] = value, manifest.place(*pointer)


def _patch(found: dict[_Object, _Said], item: Kustomization) -> None:
    """Add what the patches say that stand in a kustomization itself."""
    for index, entry in enumerate(sequence(item.manifest.get("patches"))):
        target, place = mapping(dig(entry, "target")), item.place("patches", index, "patch")
        file = load.source_file("", text(dig(entry, "patch")).encode(), keep=True)
        for document in file.documents or ():
            told = mapping(document) or {"kind": target.get("kind"), "metadata": {"name": target.get("name")}}
            fields = found.get((str(told.get("kind")), str(dig(told, "metadata", "name"))))
            if fields is not None and mapping(document):
                _merge(fields, str(told["kind"]), document, place)
            elif fields is not None:
                _operate(fields, str(told["kind"]), document, place)


def _merge(fields: _Said, kind: str, data: Mapping[str, Any], place: Place) -> None:
    for pointer in _FIELDS[kind]:
        if value := text(dig(data, *pointer)):
            fields[pointer] = value, place


def _operate(fields: _Said, kind: str, operations: object, place: Place) -> None:
    for operation in map(mapping, sequence(operations)):
        at = tuple(text(operation.get("path")).strip("/").split("/"))
        for pointer in (pointer for pointer in _FIELDS[kind] if pointer[: len(at)] == at):
            fields.pop(pointer, None)
            value = text(dig(operation.get("value"), *pointer[len(at) :]))
            if value and operation.get("op") in ("add", "replace"):
                fields[pointer] = value, place
