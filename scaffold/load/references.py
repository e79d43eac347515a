"""Kustomizations, what each refers to, and what a build of one reads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.model import (
    Kustomization,
    Manifest,
    Pointer,
    Reference,
    SourceFile,
    dig,
    sequence,
)

_REMOTE = re.compile(r"([a-z][a-z0-9+.-]*://|git@|github\.com[/:]|[^/][^/@]*+@[^/][^/:]*+:|git::)", re.IGNORECASE)
_PLAIN = re.compile(r"\w[\w-]*\.ya?ml\Z")  # a file beside its kustomization, as most references are
_FILE_FIELDS = tuple("resources bases components crds configurations generators transformers validators".split())
_COPYING = frozenset(("configMapGenerator", "secretGenerator"))
_INLINE_FIELDS = frozenset(("generators", "transformers", "validators"))


def kustomizations(files: Mapping[str, SourceFile]) -> dict[str, Kustomization]:
    """The kustomization of every directory that has one, by directory."""
    found = _Kustomizations()
    for path, file in files.items():
        directory, _, name = path.rpartition("/")
        if name in KUSTOMIZATION_NAMES and file.documents and isinstance(file.documents[0], Mapping):
            manifest = Manifest(file.documents[0], path)
            found[directory] = kustomization(manifest)
    return found


def kustomization(manifest: Manifest) -> Kustomization:
    """A kustomization with what it refers to."""
    directory = posixpath.dirname(manifest.path)
    return Kustomization(directory, manifest, tuple(_references(directory, manifest)))


def _references(directory: str, manifest: Manifest) -> Iterator[Reference]:
    for field in _present(_FILE_FIELDS, manifest):
        for index, text in enumerate(sequence(manifest.get(field))):
            if isinstance(text, str) and not (field in _INLINE_FIELDS and "\n" in text):
                yield _reference(directory, field, text, (field, index))
    yield from _patch_references(directory, manifest)
    yield from _generator_references(directory, manifest)
    for index, item in enumerate(sequence(manifest.get("replacements"))):
        if isinstance(dig(item, "path"), str):
            yield _reference(directory, "replacements", item["path"], ("replacements", index, "path"))
    if isinstance(manifest.get("openapi", "path"), str):
        yield _reference(directory, "openapi", manifest.get("openapi", "path"), ("openapi", "path"))


def _present(fields: Iterable[str], manifest: Manifest) -> Iterator[str]:
    return (field for field in fields if field in manifest.data)


def _patch_references(directory: str, manifest: Manifest) -> Iterator[Reference]:
    for field in _present(("patches", "patchesJson6902"), manifest):
        for index, item in enumerate(sequence(manifest.get(field))):
            if isinstance(dig(item, "path"), str):
                yield _reference(directory, field, item["path"], (field, index, "path"))
    for index, text in enumerate(sequence(manifest.get("patchesStrategicMerge"))):
        if isinstance(text, str) and "\n" not in text:
            yield _reference(directory, "patchesStrategicMerge", text, ("patchesStrategicMerge", index))


def _generator_references(directory: str, manifest: Manifest) -> Iterator[Reference]:
    for field in _present(("configMapGenerator", "secretGenerator"), manifest):
        for index, item in enumerate(sequence(manifest.get(field))):
            for key in ("files", "envs"):
                for number, text in enumerate(sequence(dig(item, key))):
                    if isinstance(text, str):
                        pointer: Pointer = (field, index, key, number)
                        yield _reference(directory, field, text.partition("=")[2] or text, pointer)
            if isinstance(dig(item, "env"), str):
                yield _reference(directory, field, item["env"], (field, index, "env"))


def _reference(directory: str, field: str, text: str, pointer: Pointer) -> Reference:
    if _PLAIN.match(text):
        return Reference(field, text, f"{directory}/{text}" if directory else text, pointer)
    remote = _REMOTE.match(text) is not None
    target = "" if remote else posixpath.normpath(posixpath.join(directory, text))
    return Reference(field, text, "" if target == "." else target, pointer, remote)


class _Kustomizations(dict[str, Kustomization]):
    """Remembers what a build of each enters; it is not changed any more once it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.closures: dict[str, tuple[list[str], list[Reference]]] = {}


def closure(directory: str, kustomizations: Mapping[str, Kustomization]) -> tuple[list[str], list[Reference]]:
    """The kustomization directories that a build of one enters, itself first, and the references that end in files."""
    if not isinstance(kustomizations, _Kustomizations):
        return _closure(directory, kustomizations)
    if directory not in kustomizations.closures:
        kustomizations.closures[directory] = _closure(directory, kustomizations)
    return kustomizations.closures[directory]


def _closure(directory: str, kustomizations: Mapping[str, Kustomization]) -> tuple[list[str], list[Reference]]:
    entered: list[str] = []
    leaves: list[Reference] = []
    pending = [directory]
    seen = set()
    while pending:
        current = pending.pop()
        if current in seen:
            continue
        seen.add(current)
        entered.append(current)
        for reference in kustomizations[current].references:
            if not reference.remote and reference.target in kustomizations:
                pending.append(reference.target)
            else:
                leaves.append(reference)
    return entered, leaves


def is_far(directory: str, kustomizations: Mapping[str, Kustomization]) -> bool:
    """Tell whether a build of a directory would fetch something over the network."""
    return any(leaf.remote for leaf in closure(directory, kustomizations)[1])


def read_by(directory: str, kustomizations: Mapping[str, Kustomization]) -> Iterable[str]:
    """Every file that a build of a directory reads, by path; files that are not there are among them."""
    entered, leaves = closure(directory, kustomizations)
    yield from (kustomizations[current].manifest.path for current in entered)
    yield from (reference.target for reference in leaves if not reference.remote)


def copied(kustomizations: Mapping[str, Kustomization]) -> frozenset[str]:
    """The files that generators copy as they are and nothing else reads, by path: they may hold anything."""
    used: dict[str, set[str]] = {}
    for item in kustomizations.values():
        for reference in item.references:
            used.setdefault(reference.target, set()).add(reference.field)
    return frozenset(path for path, fields in used.items() if path and fields <= _COPYING)


def read(kustomizations: Mapping[str, Kustomization]) -> Iterator[str]:
    """Every file that some kustomization reads, by path."""
    for item in kustomizations.values():
        yield item.manifest.path
        yield from (r.target for r in item.references if not r.remote and r.target not in kustomizations)
