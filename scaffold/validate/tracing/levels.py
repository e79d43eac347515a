"""The kustomizations that an object passes through, and the object on its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scaffold import load
from scaffold.model import Kustomization, Manifest, Pointer


class Object(NamedTuple):
    """A field of a rendered object, whose name in its own file may have been another one.

    `line` is the one of its text that is meant, if it is one.
    """

    manifest: Manifest
    pointer: Pointer
    at_key: bool
    source_name: str
    line: Pointer = ()

    @property
    def value(self) -> object:
        return self.manifest.get(*self.pointer)

    @property
    def names(self) -> set[str]:
        return {self.manifest.name, self.source_name} - {""}


class _Seen(NamedTuple):
    """What of an object a level leaves to those below: its name without affixes, its namespace until one sets it."""

    name: str
    namespace: str

    def below(self, level: Kustomization) -> _Seen | None:
        """The same below a level; None where the object cannot have passed through it."""
        prefix, suffix, namespace = (
            str(level.manifest.get(f) or "") for f in ("namePrefix", "nameSuffix", "namespace")
        )
        fits = self.name.startswith(prefix) and self.name.endswith(suffix) and len(self.name) > len(prefix + suffix)
        if not fits or (namespace and self.namespace not in ("", namespace)):
            return None
        name = self.name.removeprefix(prefix).removesuffix(suffix)
        return _Seen(name, "" if namespace else self.namespace)


def chain(
    overlay: str, origin: str, kustomizations: Mapping[str, Kustomization], manifest: Manifest
) -> list[Kustomization]:
    """The kustomizations between an overlay and the file of an object, the one that speaks last first.

    A component speaks on everything of the kustomization that names it, and before that one's own fields. Where several
    ways lead to the file, as to a base of which there are variants, those count that give the object its name.
    """
    found = _chain(overlay, origin, kustomizations, frozenset(), _Seen(manifest.name, manifest.namespace))
    return list({level.directory: level for level in found}.values())


def _chain(
    directory: str, origin: str, known: Mapping[str, Kustomization], passed: frozenset[str], left: _Seen | None
) -> Iterator[Kustomization]:
    if directory in passed or directory not in known:
        return
    level = known[directory]
    yield level
    references = [reference for reference in level.references if not reference.remote]
    for reference in reversed(references):
        if reference.field == "components":
            yield from _chain(reference.target, "", known, passed | {directory}, None)
    below = left and left.below(level)
    others = [r.target for r in references if r.field != "components"]
    ways = [target for target in others if not origin or _holds(target, origin, known)]
    if origin and below and len(ways) > 1:
        ways = [target for target in ways if _leads(target, origin, known, passed | {directory}, below)] or ways
    for target in ways:
        yield from _chain(target, origin, known, passed | {directory}, below)


def _leads(
    directory: str, origin: str, known: Mapping[str, Kustomization], passed: frozenset[str], left: _Seen
) -> bool:
    """Tell whether an object can have come from its file through a directory."""
    below = left.below(known[directory])
    if below is None or directory in passed:
        return False
    others = [r for r in known[directory].references if r.field != "components" and not r.remote]
    if any(r.target == origin for r in others):
        return True
    ways = (r.target for r in others if _holds(r.target, origin, known))
    return any(_leads(target, origin, known, passed | {directory}, below) for target in ways)


def _holds(directory: str, origin: str, kustomizations: Mapping[str, Kustomization]) -> bool:
    return directory in kustomizations and origin in load.read_by(directory, kustomizations)
