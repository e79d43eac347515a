"""What the clusters of one environment have in common, where each is a variant of a base that is the environment's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scaffold.assemble import ranks
from scaffold.assemble.references import unhashed
from scaffold.model import Overlay, RenderedObject, Repository

_BASE = "base"


class Base(NamedTuple):
    """The base of an environment, as `web/production/base`, and the overlays beside it that are built on it.

    An environment without variants, as `web/staging`, is its own base.
    """

    path: str
    environment: str
    overlays: tuple[Overlay, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(overlay.path.rpartition("/")[2] for overlay in self.overlays)

    @property
    def directory(self) -> str:
        """That of the environment."""
        return self.path.removesuffix(f"/{_BASE}")

    def whole(self) -> bool:
        """Tell whether it is known what every one of them renders."""
        known = (
            overlay.objects and not (overlay.error or overlay.skipped or overlay.partial) for overlay in self.overlays
        )
        return bool(self.overlays) and all(known)

    def objects(self, *, every: bool) -> tuple[RenderedObject, ...]:
        """What all of them render, or what any does; of what differs no more than its keys, and that it is there."""
        found: dict[tuple[str, str], list[RenderedObject]] = {}
        for item in (item for overlay in self.overlays for item in overlay.objects):
            found.setdefault((item.kind, unhashed(item.name)), []).append(item)
        kept = (items for items in found.values() if not every or len(items) >= len(self.overlays))
        return tuple(_common(items, len(self.overlays), every=every) for items in kept)


def bases(repository: Repository, known: frozenset[str]) -> Iterator[Base]:
    """Every such base; `known` are the names of environments."""
    read: dict[str, list[Overlay]] = {}
    for overlay in repository.overlays.values():
        name = overlay.path.rpartition("/")[2]
        if name == ranks.part(overlay.path, known):
            yield Base(overlay.path, name, (overlay,))
        for path in overlay.reads:
            read.setdefault(path, []).append(overlay)
    for directory, item in repository.kustomizations.items():
        above, _, last = directory.rpartition("/")
        name = ranks.part(directory, known)
        if last == _BASE and name and above.rpartition("/")[2] == name:
            built = (overlay for overlay in read.get(item.manifest.path, ()) if overlay.path != directory)
            yield Base(directory, name, tuple(overlay for overlay in built if overlay.path.startswith(f"{above}/")))


def _common(items: Sequence[RenderedObject], count: int, *, every: bool) -> RenderedObject:
    """One object for that of every overlay; the keys are those that all have, or that any has."""
    first = items[0]
    if len(items) == count and all(_values(item) == _values(first) for item in items):
        return first
    told = dict.fromkeys(key for item in items for key in item.keys)
    keys = tuple(key for key in told if not every or all(key in item.keys for item in items))
    return RenderedObject(*first[:4], scales=first.scales, keys=keys)


def _values(item: RenderedObject) -> RenderedObject:
    """An object without what tells clusters apart: where it is, and how a generated one is called."""
    return item._replace(name=unhashed(item.name), namespace="", routes=(), images=(), body="")
