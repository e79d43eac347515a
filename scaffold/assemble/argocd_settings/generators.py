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
Read = Callable[[str], str]


def reader(tree: Tree) -> Read:
    """What gives the text of a file of a tree, and nothing for any other path or for what no config map can hold."""
    sizes = {path: stamp.size for path, stamp in (*tree.others.items(), *tree.yaml.items())}
    return lambda path: load.text(tree.root / path) if sizes.get(path, _LARGEST + 1) <= _LARGEST else ""


def generating(files: Mapping[str, SourceFile]) -> dict[str, SourceFile]:
    """The kustomizations among some files that make such a config map: few, where there are thousands."""
    listed = ((path, file, sequence(dig(file.documents[0], _FIELD))) for path, file in files.items() if file.documents)
    return {path: file for path, file, entries in listed if any(str(dig(each, "name")) in NAMES for each in entries)}


def of_generators(item: Kustomization, read: Read) -> Iterator[GeneratedMap]:
    """Those of one kustomization; `read` gives the text of a file by its path from the root."""
    for index, entry in enumerate(sequence(item.manifest.get(_FIELD))):
        name = dig(entry, "name")
        given = list(_given(item, index, entry, read)) if isinstance(name, str) and name in NAMES else ()
        if given:
            metadata = {"name": name, "namespace": dig(entry, "namespace") or item.manifest.get("namespace")}
            held = {key: value for key, value in metadata.items() if isinstance(value, str)}
            data = {key: text for key, text, _ in given}
            document = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": held, "data": data}
            file = SourceFile(posixpath.join(item.directory, f"{name}.yaml"), "", documents=(document,))
            yield GeneratedMap(file, {key: place for key, _, place in given}, item.place(_FIELD, index, "name"))


def _given(item: Kustomization, index: int, entry: Any, read: Read) -> Iterator[tuple[str, str, Place]]:
    """Each key with its value and its place. Kustomize 5.8 (`api/kv/kv.go`): literals may stand in quotes."""
    for number, text in enumerate(sequence(dig(entry, "literals"))):
        key, equals, value = str(text).partition("=")
        if equals:
            yield key, _unquoted(value), item.place(_FIELD, index, "literals", number)
    for number, text in enumerate(sequence(dig(entry, "files"))):
        named, equals, _ = str(text).partition("=")
        target = _target(item, (_FIELD, index, "files", number))
        if target:
            yield (named if equals else posixpath.basename(named)), read(target), Place(target, line=1)
    for number in range(len(sequence(dig(entry, "envs")))):
        target = _target(item, (_FIELD, index, "envs", number))
        for line, text in enumerate(read(target).splitlines() if target else (), 1):
            key, equals, value = text.lstrip().partition("=")
            if equals and not key.startswith("#"):
                yield key, value, Place(target, line=line)


def _target(item: Kustomization, pointer: Pointer) -> str:
    """The path from the root of what stands there; empty where it is none within the repository."""
    target = next((reference.target for reference in item.references if reference.pointer == pointer), "")
    return "" if target.startswith(("../", "/")) else target


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value
