"""The patch of a kustomization that set a field of an object."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold import parse
from scaffold.assemble import layers
from scaffold.model import Head, Kustomization, Place, Pointer, dig, mapping, sequence
from scaffold.validate.tracing.levels import Object
from scaffold.validate.tracing.texts import Texts

_LIST_KEYS = ("name", "containerPort", "mountPath", "key", "type", "host", "path", "port", "group", "kind")
# By these a strategic merge patch selects an object, and leaves them as they are.
_SELECTING = frozenset((("metadata", "name"), ("metadata", "namespace")))


class _Patch(NamedTuple):
    """One document of a patch; `text` where it stands inside the kustomization, at `place`."""

    place: Place
    document: int
    data: Any
    target: Mapping[str, Any]
    text: str = ""


def source(texts: Texts, level: Kustomization, item: Object) -> Place | None:
    """The place of the field in the last patch of a kustomization that sets it."""
    for patch in reversed(list(_about(texts, level, item))):
        if isinstance(patch.data, list):
            found = _operation(patch.data, item)
        elif item.pointer in _SELECTING:
            found = None
        else:
            mapped, complete = follow(patch.data, item.manifest.data, item.pointer)
            found = mapped if complete and mapped else None
        if found is not None:
            at_key = item.at_key and not isinstance(patch.data, list)
            return _inside(texts, patch, found, at_key=at_key)
    return None


def removes(texts: Texts, level: Kustomization, item: Object) -> bool:
    """Tell whether a patch of a kustomization takes something out of the field, or replaces it as a whole."""
    return any(_takes_out(patch.data, item) for patch in _about(texts, level, item))


def _takes_out(data: Any, item: Object) -> bool:
    if isinstance(data, list):
        operations = (_parts(dig(operation, "path")) for operation in data if dig(operation, "op") != "test")
        wanted = [str(part) for part in item.pointer]
        gone = ([*wanted, part[-1]] for part in operations if part)
        return any(_parts(dig(o, "path")) in ([*wanted], *gone) for o in data if dig(o, "op") in ("remove", "replace"))
    mapped, complete = follow(data, item.manifest.data, item.pointer)
    inner = mapping(dig(data, *mapped)) if complete else {}
    return any(value is None for value in inner.values()) or "$patch" in inner


def _about(texts: Texts, level: Kustomization, item: Object) -> Iterator[_Patch]:
    """The patches of a kustomization that select the object."""
    for patch in _all(texts, level):
        if patch.target:
            selected = layers.fits(patch.target, _candidate(item))
        else:
            name = dig(patch.data, "metadata", "name")
            selected = dig(patch.data, "kind") == item.manifest.kind and name in item.names
        if selected:
            yield patch


def _candidate(item: Object) -> layers.Candidate:
    manifest = item.manifest
    head = Head(0, manifest.api_version, manifest.kind, manifest.name, manifest.namespace)
    return layers.Candidate(head, item.names, {manifest.namespace})


def _all(texts: Texts, level: Kustomization) -> Iterator[_Patch]:
    for name in ("patches", "patchesJson6902"):
        for index, entry in enumerate(sequence(level.manifest.get(name))):
            target = mapping(dig(entry, "target"))
            if isinstance(dig(entry, "path"), str):
                yield from _in_file(texts, level, entry["path"], target)
            elif isinstance(dig(entry, "patch"), str):
                yield from _inline(level.place(name, index, "patch"), target, entry["patch"])
    for index, text in enumerate(sequence(level.manifest.get("patchesStrategicMerge"))):
        if isinstance(text, str) and "\n" in text:
            yield from _inline(level.place("patchesStrategicMerge", index), {}, text)
        elif isinstance(text, str):
            yield from _in_file(texts, level, text, {})


def _in_file(texts: Texts, level: Kustomization, name: str, target: Mapping[str, Any]) -> Iterator[_Patch]:
    path = posixpath.normpath(posixpath.join(level.directory, name))
    for number, data in enumerate(texts.documents(path)):
        yield _Patch(Place(path, number), number, data, target)


def _inline(place: Place, target: Mapping[str, Any], text: str) -> Iterator[_Patch]:
    try:
        documents = parse.parse(text).documents
    except parse.YamlError:
        return
    for number, data in enumerate(documents):
        yield _Patch(place, number, data, target, text)


def _inside(texts: Texts, patch: _Patch, pointer: Pointer, *, at_key: bool) -> Place:
    if patch.text:
        return texts.inside(patch.place._replace(at_key=at_key), patch.text, patch.document, pointer)
    return patch.place._replace(pointer=pointer, at_key=at_key)


def _operation(operations: list[Any], item: Object) -> Pointer | None:
    """The place in a JSON patch of the last operation on a field, or on a parent of it."""
    pointer = item.pointer
    wanted = [str(part) for part in pointer]
    for index in range(len(operations) - 1, -1, -1):
        path = _parts(dig(operations[index], "path"))
        if path and _leads(path, wanted) and dig(operations[index], "op") in ("add", "replace"):
            member = dig(item.manifest.data, *pointer[: len(path)])
            if path[-1] == "-" and not _is_same(dig(operations[index], "value"), member):
                continue
            return (index, "value", *_rest(dig(operations[index], "value"), pointer[len(path) :]))
    return None


def _leads(path: list[str], wanted: list[str]) -> bool:
    """A dash stands for the end of a list, whose index nobody knows before."""
    pairs = zip(path, wanted, strict=False)
    return len(path) <= len(wanted) and all(part in (want, "-") for part, want in pairs)


def _is_same(value: Any, member: Any) -> bool:
    """Tell whether what is added to the end of a list is a member of the result, which may be changed later."""
    key = next((key for key in _LIST_KEYS if isinstance(member, Mapping) and key in member), None)
    return value == member if key is None else bool(dig(value, key) == member[key])


def _rest(value: Any, pointer: Pointer) -> Pointer:
    """How much of a pointer a value holds."""
    result: list[str | int] = []
    for part in pointer:
        if dig(value, part) is None:
            break
        result.append(part)
        value = dig(value, part)
    return tuple(result)


def _parts(path: Any) -> list[str]:
    return [p.replace("~1", "/").replace("~0", "~") for p in path.split("/")[1:]] if isinstance(path, str) else []


def follow(document: Any, rendered: Any, pointer: Pointer) -> tuple[Pointer, bool]:
    """The same field in a document whose lists may be other ones; how far it goes, and whether all the way."""
    result: list[str | int] = []
    for part in pointer:
        inner = dig(rendered, part)
        if isinstance(part, int):
            index = _member(document, inner, part)
            if index is None:
                return tuple(result), False
            part = index  # noqa: PLW2901
        elif not (isinstance(document, Mapping) and part in document):
            return tuple(result), False
        result.append(part)
        document, rendered = dig(document, part), inner
    return tuple(result), True


def _member(items: Any, wanted: Any, index: int) -> int | None:
    if not isinstance(items, list):
        return None
    if index < len(items) and items[index] == wanted:
        return index
    for key in _LIST_KEYS:
        if isinstance(wanted, Mapping) and key in wanted:
            return next((n for n, item in enumerate(items) if dig(item, key) == wanted[key]), None)
    if not isinstance(wanted, Mapping | list) and wanted in items:
        return items.index(wanted)
    return index if index < len(items) else None
