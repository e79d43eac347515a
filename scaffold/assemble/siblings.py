"""The same in several environments: overlays whose paths differ by the name of the environment alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from scaffold.assemble import ranks
from scaffold.assemble.references import unhashed
from scaffold.model import Overlay, Place, RenderedObject, Repository


class Stage(NamedTuple):
    """An overlay and the name of its environment."""

    overlay: Overlay
    environment: str

    @property
    def rank(self) -> int:
        found = ranks.rank(self.environment)
        return -1 if found is None else found

    def objects(self) -> dict[tuple[str, str], RenderedObject]:
        """Its objects by kind and name, without what generators add to names; namespaces differ by environment."""
        return {(item.kind, unhashed(item.name)): item for item in self.overlay.objects}


class Line(NamedTuple):
    """A production, and the same in the environments before it, the nearest one last."""

    production: Stage
    before: tuple[Stage, ...]


def lines(repository: Repository) -> Iterator[Line]:
    """Every production whose earlier environments are all rendered."""
    known = ranks.known(repository.directories)
    found: dict[str, list[Stage]] = {}
    for overlay in repository.overlays.values():
        name = ranks.part(overlay.path, known)
        if name and not overlay.partial:
            found.setdefault(ranks.of_other(overlay.path, name, "*"), []).append(Stage(overlay, name))
    for stages in found.values():
        ordered = sorted(stages, key=lambda stage: (stage.rank, stage.environment))
        before = tuple(stage for stage in ordered if stage.rank < ranks.PRODUCTION)
        if before and all(stage.overlay.objects and not stage.overlay.error for stage in ordered):
            yield from (Line(stage, before) for stage in ordered if stage.rank == ranks.PRODUCTION)


def place(repository: Repository, overlay: Overlay, *fields: str, name: str = "") -> Place:
    """The entry of an overlay's own kustomization that is called so in the first of some fields that has one.

    Without one it is the key of the first field there is, else the beginning of the file.
    """
    item = repository.kustomizations.get(overlay.path)
    if item is None:
        return Place(overlay.reads[0] if overlay.reads else overlay.path)
    for field in fields if name else ():
        for index, entry in enumerate(item.manifest.get(field) or ()):
            if isinstance(entry, dict) and entry.get("name") == name:
                return item.place(field, index)
    there = next((field for field in fields if field in item.manifest.data), None)
    return item.place(there, at_key=True) if there else item.place()
