"""The fields of a kustomization that set a field of many objects: namespace, labels, images, replicas, replacements."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from scaffold.model import Kustomization, Place, Pointer, dig, mapping, sequence
from scaffold.validate.tracing.levels import Object

_LABELS = frozenset(("labels", "matchLabels", "selector"))
_GENERATORS = {"ConfigMap": "configMapGenerator", "Secret": "secretGenerator"}
_GIVEN = ("literals", "files")
_PART = re.compile(r"\[[^\[\]]*+\]|(?:\\\.|[^.\[])+")


def source(level: Kustomization, item: Object) -> Place | None:
    """The place in a kustomization that set the field, in the order in which later transformers win."""
    return next((found for find in _FINDERS for found in find(level, item)), None)


def _replaced(level: Kustomization, item: Object) -> Iterator[Place]:
    for index, entry in enumerate(sequence(level.manifest.get("replacements"))):
        for number, target in enumerate(sequence(dig(entry, "targets"))):
            select = mapping(dig(target, "select"))
            if select.get("kind") not in (None, item.manifest.kind) or select.get("name", "") not in {"", *item.names}:
                continue
            for position, text in enumerate(sequence(dig(target, "fieldPaths"))):
                if isinstance(text, str) and _is_path(text, item):
                    yield level.place("replacements", index, "targets", number, "fieldPaths", position)


def _is_path(text: str, item: Object) -> bool:
    parts = [part.replace("\\.", ".") for part in _PART.findall(text)]
    if len(parts) != len(item.pointer):
        return False
    below: Pointer = ()
    for wanted, part in zip(parts, item.pointer, strict=True):
        below = (*below, part)
        key, _, value = wanted.strip("[]").partition("=")
        named = wanted.startswith("[") and str(dig(item.manifest.get(*below), key)) == value
        if not (named or wanted in ("*", str(part))):
            return False
    return True


def _image(level: Kustomization, item: Object) -> Iterator[Place]:
    if not item.pointer or item.pointer[-1] != "image" or not isinstance(item.value, str):
        return
    name, tag, digest = parts(item.value)
    entries: list[Any] = sequence(level.manifest.get("images"))
    for index in range(len(entries) - 1, -1, -1):
        becomes = dig(entries[index], "newName") or dig(entries[index], "name")
        said = {"digest": digest, "newTag": tag, "newName": name}
        given = {key: dig(entries[index], key) for key in said if dig(entries[index], key) is not None}
        whole = f"{becomes}:{given.get('newTag')}" == item.value  # be it an image or not
        if whole or (becomes == name and all(str(value) == said[key] for key, value in given.items())):
            yield level.place("images", index, next(iter(given), "name"))


def parts(image: str) -> tuple[str, str, str]:
    """Name, tag and digest of an image; a registry's port is no tag."""
    rest, _, digest = image.partition("@")
    name, colon, tag = rest.rpartition(":")
    return (name, tag, digest) if colon and "/" not in tag else (rest, "", digest)


def _replicas(level: Kustomization, item: Object) -> Iterator[Place]:
    for index, entry in enumerate(sequence(level.manifest.get("replicas"))):
        if item.pointer == ("spec", "replicas") and dig(entry, "name") in item.names:
            yield level.place("replicas", index, "count")


def _annotated(level: Kustomization, item: Object) -> Iterator[Place]:
    if len(item.pointer) > 1 and item.pointer[-2] == "annotations":
        key = item.pointer[-1]
        if key in mapping(level.manifest.get("commonAnnotations")):
            yield level.place("commonAnnotations", key)


def _labelled(level: Kustomization, item: Object) -> Iterator[Place]:
    if len(item.pointer) < 2 or item.pointer[-2] not in _LABELS:
        return
    key = item.pointer[-1]
    for index, entry in enumerate(sequence(level.manifest.get("labels"))):
        if dig(entry, "pairs", key) == item.value and key in mapping(dig(entry, "pairs")):
            yield level.place("labels", index, "pairs", key)
    if key in mapping(level.manifest.get("commonLabels")):
        yield level.place("commonLabels", key)


def _namespace(level: Kustomization, item: Object) -> Iterator[Place]:
    named = item.manifest.kind == "Namespace" and item.pointer == ("metadata", "name")
    if level.manifest.get("namespace") == item.value and (named or item.pointer[-1:] == ("namespace",)):
        yield level.place("namespace")


def _generated(level: Kustomization, item: Object) -> Iterator[Place]:
    """The literal of a generator that gave a key, or the file, which it names first unless that is called so.

    Of a line of a value it is that line of the file.
    """
    generator = _GENERATORS.get(item.manifest.kind)
    if generator is None or len(item.pointer) != 2 or item.pointer[0] != "data":
        return
    for index, entry in enumerate(sequence(level.manifest.get(generator))):
        for field in _GIVEN if dig(entry, "name") in item.names else ():
            for number, text in enumerate(sequence(dig(entry, field))):
                key, equals, path = str(text).partition("=")
                if item.pointer[1] != (key if equals else posixpath.basename(key)):
                    continue
                if item.line and field == "files":
                    held = posixpath.normpath(posixpath.join(level.directory, path or key))
                    yield Place(held, line=int(item.line[0]) + 1, column=1)
                else:
                    yield level.place(generator, index, field, number)


_FINDERS = (_replaced, _image, _replicas, _annotated, _labelled, _namespace, _generated)
