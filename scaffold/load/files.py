"""One file to what it declares."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold.load import fillings
from scaffold.load.chart_values import telling
from scaffold.load.comments import comments
from scaffold.load.exported import is_exported
from scaffold.load.kept import is_kept, parts
from scaffold.load.placeholders import unfilled
from scaffold.load.scoped import scoped
from scaffold.model import (
    Head,
    Manifest,
    Place,
    Pointer,
    Problem,
    SourceFile,
    mapping,
)
from scaffold.model.values import is_encrypted
from scaffold.parse import YamlError, parse

_DEEP, _MANY = 3, 300


@dataclass(frozen=True)
class _Member(Manifest):
    """A manifest that stands in the `items` of a List."""

    within: Pointer = ()

    def place(self, *pointer: str | int, at_key: bool = False) -> Place:
        return super().place(*self.within, *pointer, at_key=at_key)


def members(manifest: Manifest) -> Iterator[Manifest]:
    """The manifest itself, or the members of a List, as kustomize and the engines take it apart."""
    if manifest.kind != "List" or not isinstance(manifest.get("items"), list):
        yield manifest
        return
    for index, data in enumerate(manifest.data["items"]):
        if isinstance(data, Mapping) and isinstance(data.get("kind"), str) and data.get("apiVersion"):
            yield _Member(data, manifest.path, manifest.document, manifest.overlay, ("items", index))


def text(path: Path) -> str:
    """The text of a file that is no manifest; empty where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def digest(content: bytes) -> str:
    """The name of a content in the cache."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def source_file(path: str, content: bytes, *, keep: bool = False) -> SourceFile:
    """Read one file; what is not YAML becomes its `problem`. With `keep`, every document is kept."""
    name = digest(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        return SourceFile(path, name, problem=Problem("not UTF-8 text", line, column))
    try:
        parsed = parse(text)
    except YamlError as error:
        templated, sure = fillings.may_be(text), fillings.is_one(path, text)
        problem = Problem(error.problem, error.line, error.column, templated, sure)
        return SourceFile(path, name, problem=problem, unfilled=unfilled(text))
    if line := fillings.line_of_ytt(text, parsed.documents):
        problem = Problem("it is a template of ytt", line, 1, templated=True, filled_in=True)
        return SourceFile(path, name, documents=_secrets(parsed.documents) if keep else None, problem=problem)
    heads = tuple(_heads(parsed.documents))
    kept = tuple(parsed.documents) if keep or is_kept(path, parsed.documents) else None
    keys = _keys(parsed.documents)
    twice, left = tuple(parsed.duplicates), unfilled(text)
    values = tuple(telling(parsed.documents)) if keys else ()
    own = tuple(scoped(parsed.documents)) if "secret-type" in text else ()
    live = bool(heads) and is_exported(parsed.documents)
    return SourceFile(path, name, heads, kept, None, twice, comments(path, text), keys, left, values, own, live)


def _secrets(documents: list[Any]) -> tuple[Any, ...]:
    """The documents of a template that are Secrets, whose clear texts are such whatever is filled in."""
    return tuple(data if mapping(data).get("kind") == "Secret" else None for data in documents)


def forget(file: SourceFile) -> SourceFile:
    """The file without the documents that only the rules of one file need."""
    if file.documents is None or is_kept(file.path, list(file.documents)):
        return file
    return file._replace(documents=None)


def _heads(documents: list[Any]) -> Iterator[Head]:
    for index, data in enumerate(documents):
        for part in parts(data):
            api_version, kind = part.get("apiVersion"), part.get("kind")
            if not (isinstance(api_version, str) and isinstance(kind, str)) or is_encrypted(kind):
                continue
            metadata = mapping(part.get("metadata"))
            name, namespace = metadata.get("name"), metadata.get("namespace")
            yield Head(
                index,
                api_version,
                kind,
                name if isinstance(name, str) else "",
                namespace if isinstance(namespace, str) else "",
                _pairs(metadata.get("labels")),
                _pairs(metadata.get("annotations")),
            )


def _keys(documents: list[Any]) -> tuple[Pointer, ...]:
    """The keys of a file that is no manifest, to some depth; none of one that has too many to be settings by hand."""
    values = mapping(documents[0]) if len(documents) == 1 else {}
    found = () if {"kind", "apiVersion"} & values.keys() else tuple(_deep(values, (), _DEEP))
    return found if len(found) <= _MANY else ()


def _deep(values: Mapping[str, Any], above: Pointer, levels: int) -> Iterator[Pointer]:
    for key, value in values.items():
        if isinstance(key, str):
            yield (*above, key)
            yield from _deep(mapping(value), (*above, key), levels - 1) if levels > 1 else ()


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), item) for key, item in mapping(value).items() if isinstance(item, str))
