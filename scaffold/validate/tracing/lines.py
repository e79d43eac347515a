"""The line of a field in a template that is no YAML before Helm fills it in, by the words that stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scaffold.model import Manifest, Place, Pointer

_PARTED = re.compile(r"---\s*(?:#.*)?\Z")


class _Line(NamedTuple):
    number: int
    text: str


def of_value(lines: Sequence[str], manifest: Manifest, pointer: Pointer, *, at_key: bool = False) -> Place | None:
    """Where alone the document of an object gives a key its value."""
    value = manifest.get(*pointer)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return _only(lines, manifest, pointer, rf"(?P<value>[\"']?{re.escape(str(value))}[\"']?)\s*(?:#.*)?", at_key=at_key)


def of_key(lines: Sequence[str], manifest: Manifest, pointer: Pointer, *, at_key: bool = False) -> Place | None:
    """Where alone the document of an object has a key."""
    return _only(lines, manifest, pointer, r"(?P<value>\S.*)?", at_key=at_key)


def of_kind(lines: Sequence[str], manifest: Manifest) -> Place | None:
    """Where the document of an object says its kind."""
    said = next((line for line in _document(lines, manifest) if line.text.startswith("kind:")), None)
    return Place(manifest.path, line=said.number, column=1) if said else None


def _only(lines: Sequence[str], manifest: Manifest, pointer: Pointer, value: str, *, at_key: bool) -> Place | None:
    """The place in the only line that has the last key of a pointer with a value of some form."""
    key = next((part for part in reversed(pointer) if isinstance(part, str)), "")
    pattern = re.compile(rf"[\s-]*(?P<key>{re.escape(key)}):\s*{value}\Z")
    fitting = [(line.number, found) for line in _document(lines, manifest) if (found := pattern.match(line.text))]
    if not key or len(fitting) != 1:
        return None
    number, found = fitting[0]
    return Place(manifest.path, line=number, column=found.start("key" if at_key or not found["value"] else "value") + 1)


def _document(lines: Sequence[str], manifest: Manifest) -> list[_Line]:
    """The lines of the document that declares an object: of several of its kind the one that has its name."""
    kind = re.compile(rf"kind:\s+[\"']?{re.escape(manifest.kind)}\b")
    found = [part for part in _parts(lines) if any(kind.match(line.text) for line in part)]
    named = (part for part in found if any(line.text.rstrip("\"' ").endswith(f" {manifest.name}") for line in part))
    return next(named, next(iter(found), []))


def _parts(lines: Sequence[str]) -> Iterator[list[_Line]]:
    part: list[_Line] = []
    for number, text in enumerate(lines, 1):
        if _PARTED.match(text):
            yield part
            part = []
        else:
            part.append(_Line(number, text))
    yield part
