"""The kustomizations that an object passes through, and the object on its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scaffold import load
from scaffold.model import Kustomization, Manifest, Pointer


class Object(NamedTuple):
    """A field of a rendered object, whose name in its own file may have been another one."""

    manifest: Manifest
    pointer: Pointer
    at_key: bool
    source_name: str

    @property
    def value(self) -> object:
        return self.manifest.get(*self.pointer)

    @property
    def names(self) -> set[str]:
        return {self.manifest.name, self.source_name} - {""}


def chain(overlay: str, origin: str, kustomizations: Mapping[str, Kustomization]) -> list[Kustomization]:
    """The kustomizations between an overlay and the file of an object, the one that speaks last first.

    A component speaks on everything of the kustomization that names it, and before that one's own fields.
    """
    return list({level.directory: level for level in _chain(overlay, origin, kustomizations, frozenset())}.values())


def _chain(
    directory: str, origin: str, kustomizations: Mapping[str, Kustomization], seen: frozenset[str]
) -> Iterator[Kustomization]:
    if directory in seen or directory not in kustomizations:
        return
    level = kustomizations[directory]
    yield level
    references = [reference for reference in level.references if not reference.remote]
    for reference in reversed(references):
        if reference.field == "components":
            yield from _chain(reference.target, "", kustomizations, seen | {directory})
    for reference in references:
        if reference.field != "components" and (not origin or _holds(reference.target, origin, kustomizations)):
            yield from _chain(reference.target, origin, kustomizations, seen | {directory})


def _holds(directory: str, origin: str, kustomizations: Mapping[str, Kustomization]) -> bool:
    return directory in kustomizations and origin in load.read_by(directory, kustomizations)
