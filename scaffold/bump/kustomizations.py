"""The `images` of a kustomization: which entry sets an image, and what it has to become."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from scaffold import edit
from scaffold.model import Image, Pointer, dig, mapping, sequence


class Entry(NamedTuple):
    """An entry for an image: what it makes of it, and the changes for another version."""

    before: Image
    pointer: Pointer
    changes: tuple[edit.Change, ...]


def entries(data: Any, wanted: Image) -> Iterator[Entry]:
    """Every entry after which a container runs the wanted image."""
    for index, item in enumerate(sequence(dig(data, "images"))):
        name = dig(item, "newName") or dig(item, "name")
        if isinstance(name, str) and wanted.is_same(name):
            tag, digest = (_word(mapping(item).get(key)) for key in ("newTag", "digest"))
            before, pointer = Image(name, tag, digest), ("images", index)
            yield Entry(before, pointer, tuple(_changes(mapping(item), before, wanted, pointer)))


def _changes(item: Any, before: Image, wanted: Image, pointer: Pointer) -> Iterator[edit.Change]:
    """Kustomize 5 writes both tag and digest where an entry has both, so one that is not wanted goes."""
    have = {"newTag": before.tag, "digest": before.digest}
    want = {"newTag": wanted.tag, "digest": wanted.digest}
    gone = [key for key in have if key in item and not want[key]]
    new = [key for key in want if want[key] and key not in item]
    for key, text in want.items():
        if text and key in item and text != have[key]:
            yield edit.Set(0, (*pointer, key), text)
    for old, key in zip(gone, new, strict=False):
        yield edit.Set(0, (*pointer, old), want[key])
        yield edit.Rename(0, (*pointer, old), key)
    for key in gone[len(new) :]:
        yield edit.Remove(0, (*pointer, key))
    for key in new[len(gone) :]:
        yield edit.Add(0, (*pointer, key), want[key])


def added(data: Any, wanted: Image, name: str) -> edit.Change:
    """A new entry for an image that no entry sets yet; `name` is what the manifests below call it."""
    version = {key: text for key, text in (("newTag", wanted.tag), ("digest", wanted.digest)) if text}
    entry = {"name": name, **version}
    present = dig(data, "images")
    if isinstance(present, list):
        return edit.Add(0, ("images", len(present)), entry)
    return edit.Add(0, ("images",), [entry])


def _word(value: object) -> str:
    return "" if value is None else str(value)
