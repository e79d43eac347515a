"""Argo CD's config maps that a kustomization makes of files and of literals."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scaffold import load
from scaffold.assemble.argocd_settings.settings import NAMES
from scaffold.discover import Tree
from scaffold.model import GeneratedMap, Kustomization, Place, Pointer, SourceFile, dig, sequence

_FIELD = "configMapGenerator"
_LARGEST = 1024 * 1024  # bytes, which a config map may hold
_Read = Callable[[str], str | None]


def made(tree: Tree, files: Mapping[str, SourceFile]) -> Iterator[GeneratedMap]:
    """Those of all kustomizations among some files, of what files of the tree hold and nothing outside of it."""
    sizes = {path: stamp.size for path, stamp in (*tree.others.items(), *tree.yaml.items())}

    def read(path: str) -> str | None:
        return load.text(tree.root / path) if sizes.get(path, _LARGEST + 1) <= _LARGEST else None

    for item in load.kustomizations(_generating(files)).values():
        yield from _of_generators(item, read)


def _generating(files: Mapping[str, SourceFile]) -> dict[str, SourceFile]:
    """The kustomizations among some files that make such a config map: few, where there are thousands."""
    listed = ((path, file, sequence(dig(file.documents[0], _FIELD))) for path, file in files.items() if file.documents)
    return {path: file for path, file, entries in listed if any(str(dig(each, "name")) in NAMES for each in entries)}


def _of_generators(item: Kustomization, read: _Read) -> Iterator[GeneratedMap]:
    for index, entry in enumerate(sequence(item.manifest.get(_FIELD))):
        name = dig(entry, "name")
        if not isinstance(name, str) or name not in NAMES:
            continue
        given = list(_given(item, index, entry, read))
        data = {key: text for key, text, _ in given if text is not None}
        metadata = {"name": name, "namespace": dig(entry, "namespace") or item.manifest.get("namespace")}
        held = {key: value for key, value in metadata.items() if isinstance(value, str)}
        document = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": held, "data": data}
        file = SourceFile(posixpath.join(item.directory, f"{name}.yaml"), "", documents=(document,))
        keys, hidden = {key: place for key, _, place in given}, (key for key, text, _ in given if text is None)
        yield GeneratedMap(file, keys, item.place(_FIELD, index, "name"), _named(item, index, entry), tuple(hidden))


def _named(item: Kustomization, index: int, entry: Any) -> dict[str, Place]:
    files = ((number, str(text).partition("=")) for number, text in enumerate(sequence(dig(entry, "files"))))
    return {key: item.place(_FIELD, index, "files", number) for number, (key, equals, _) in files if equals}


def _given(item: Kustomization, index: int, entry: Any, read: _Read) -> Iterator[tuple[str, str | None, Place]]:
    """Each key with its value, if that is here, and its place; of a file of keys that is not here, its name is told.

    Kustomize 5.8 (`api/kv/kv.go`): literals may stand in quotes.
    """
    for number, text in enumerate(sequence(dig(entry, "literals"))):
        key, equals, value = str(text).partition("=")
        if equals:
            yield key, _unquoted(value), item.place(_FIELD, index, "literals", number)
    for number, text in enumerate(sequence(dig(entry, "files"))):
        named, equals, _ = str(text).partition("=")
        target = _target(item, (_FIELD, index, "files", number))
        yield (named if equals else posixpath.basename(named)), read(target), Place(target, line=1)
    for number, text in enumerate(sequence(dig(entry, "envs"))):
        target = _target(item, (_FIELD, index, "envs", number))
        held = read(target)
        if held is None:
            yield str(text), None, item.place(_FIELD, index, "envs", number)
        for line, pair in enumerate((held or "").splitlines(), 1):
            key, equals, value = pair.lstrip().partition("=")
            if equals and not key.startswith("#"):
                yield key, value, Place(target, line=line)


def _target(item: Kustomization, pointer: Pointer) -> str:
    """The path from the root of what stands there."""
    return next((reference.target for reference in item.references if reference.pointer == pointer), "")


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value
