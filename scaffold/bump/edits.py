"""Edits of files, some of them in a YAML text that is itself a value of a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from scaffold import edit, parse, staging
from scaffold.errors import ScaffoldError
from scaffold.model import Pointer, dig
from scaffold.staging import Content


class Spot(NamedTuple):
    """A document to be edited: in a file, or in the text that stands at `within` of a document of a file."""

    path: str
    document: int = 0
    within: tuple[int, Pointer] | None = None


class Edit(NamedTuple):
    """A change of a document; its own document number is that of the spot."""

    spot: Spot
    change: edit.Change


def contents(root: Path, edits: Iterable[Edit]) -> dict[str, Content | None]:
    """The files as they are after the edits; those that stay as they are, are left out.

    Raises ScaffoldError where a file cannot be edited in place.
    """
    by_path: dict[str, list[Edit]] = {}
    for item in edits:
        known = by_path.setdefault(item.spot.path, [])
        if item not in known:
            known.append(item)
    made: dict[str, Content | None] = {}
    for path, items in by_path.items():
        before = staging.read(root / path)
        if before is None:
            raise ScaffoldError(f"{path}: is not there any more; run again")
        data = edit.changed(before.data, _changes(path, before.data, items), path)
        if data != before.data:
            made[path] = before._replace(data=data)
    return made


def _changes(path: str, data: bytes, items: list[Edit]) -> list[edit.Change]:
    """The changes of the file itself; those of a text within become a new text."""
    inner: dict[tuple[int, Pointer], list[edit.Change]] = {}
    for item in items:
        if item.spot.within:
            inner.setdefault(item.spot.within, []).append(item.change)
    outer = [item.change for item in items if not item.spot.within]
    if inner:
        documents = parse.documents(data.decode("utf-8-sig"), path)
        outer += [_text(path, documents, place, changes) for place, changes in inner.items()]
    return outer


def _text(path: str, documents: list[object], place: tuple[int, Pointer], changes: list[edit.Change]) -> edit.Set:
    document, pointer = place
    text = dig(documents[document], *pointer)
    name = f"{path}, {'.'.join(map(str, pointer))}"
    return edit.Set(document, pointer, edit.changed(str(text).encode(), changes, name).decode())


def sets(spot: Spot, values: Mapping[Pointer, str]) -> list[Edit]:
    """The edits that set scalars of one document."""
    return [Edit(spot, edit.Set(spot.document, pointer, text)) for pointer, text in values.items()]
