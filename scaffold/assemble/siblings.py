"""The same in several environments: overlays whose paths differ by the name of the environment alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.assemble import ranks, variants
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

    @property
    def variant(self) -> frozenset[str]:
        """What its name says beside the environment: a region in `prod-eu`, nothing in `production`."""
        return frozenset(word for word in self.environment.split("-") if ranks.rank(word) is None)

    def objects(self) -> dict[tuple[str, str], RenderedObject]:
        """Its objects by kind and name, without what generators and the environment add; namespaces differ anyway."""
        return {(item.kind, self._plain(unhashed(item.name))): item for item in self.overlay.objects}

    def _plain(self, name: str) -> str:
        return name.removeprefix(f"{self.environment}-").removesuffix(f"-{self.environment}")


class Line(NamedTuple):
    """A production, and the same in the environments before it, the nearest one last."""

    production: Stage
    before: tuple[Stage, ...]


def lines(repository: Repository) -> tuple[Line, ...]:
    """Every production whose earlier environments are all rendered, but for those that have nothing of it.

    Where names tell variants of environments, as `staging-eu` and `prod-eu` do, those before are of the same one.
    """
    return repository.once(_lines)


def _lines(repository: Repository) -> tuple[Line, ...]:
    return tuple(_of_paths(repository)) + tuple(_of_bases(repository, ranks.known(repository.directories)))


def _of_paths(repository: Repository) -> Iterator[Line]:
    """Those whose overlays are in directories that are called like environments."""
    known = ranks.known(repository.directories)
    found: dict[str, list[Stage]] = {}
    for overlay in repository.overlays.values():
        name = ranks.part(overlay.path, known)
        if name and not overlay.partial:
            found.setdefault(ranks.of_other(overlay.path, name, "*"), []).append(Stage(overlay, name))
    for stages in found.values():
        there = [stage for stage in stages if stage.overlay.objects or stage.overlay.error or stage.overlay.skipped]
        ordered = sorted(there, key=lambda stage: (stage.rank, stage.environment))
        if all(stage.overlay.objects and not stage.overlay.error for stage in ordered):
            made = (Line(stage, _before(stage, ordered)) for stage in ordered if stage.rank == ranks.PRODUCTION)
            yield from (line for line in made if line.before)


def _of_bases(repository: Repository, known: frozenset[str]) -> Iterator[Line]:
    """The same of what all clusters of an environment have, where their names are of that one alone."""
    found: dict[str, list[variants.Base]] = {}
    for base in variants.bases(repository, known):
        found.setdefault(ranks.of_other(base.directory, base.environment, "*"), []).append(base)
    for group in found.values():
        named = [name for base in group for name in base.names]
        if all(base.whole() for base in group) and len(named) == len(set(named)):
            stages = sorted(
                (_stage(base, every=True) for base in group), key=lambda stage: (stage.rank, stage.environment)
            )
            for base in group:
                production = _stage(base, every=False)
                before = _before(production, stages) if production.rank == ranks.PRODUCTION else ()
                if before and any(stage.overlay.path.endswith("/base") for stage in (production, *before)):
                    yield Line(production, before)


def _stage(base: variants.Base, *, every: bool) -> Stage:
    overlay = dataclasses.replace(base.overlays[0], path=base.path, objects=base.objects(every=every))
    return Stage(overlay, base.environment)


def _before(production: Stage, ordered: list[Stage]) -> tuple[Stage, ...]:
    """The environments before a production but for those of another one's variant, or all where there are no others."""
    earlier = tuple(stage for stage in ordered if stage.rank < ranks.PRODUCTION)
    productions = {stage.variant for stage in ordered if stage.rank == ranks.PRODUCTION}
    of_own = [stage.variant == production.variant for stage in earlier]
    foreign = productions - {production.variant} if not any(of_own) else {stage.variant for stage in earlier}
    foreign -= {production.variant, frozenset()}
    return tuple(stage for stage in earlier if stage.variant not in foreign) or earlier


def place(repository: Repository, overlay: Overlay, *fields: str, name: str = "") -> Place:
    """The entry of an overlay's own kustomization that is called so in the first of some fields that has one.

    Without one it is the key of the first field there is, else the beginning of the file.
    """
    item = repository.kustomizations.get(overlay.path)
    if item is None:
        return Place(overlay.entry)
    for field in fields if name else ():
        for index, entry in enumerate(item.manifest.get(field) or ()):
            if isinstance(entry, dict) and entry.get("name") == name:
                return item.place(field, index)
    there = next((field for field in fields if field in item.manifest.data), None)
    return item.place(there, at_key=True) if there else item.place()


def patch(repository: Repository, overlay: Overlay, item: RenderedObject, *words: str) -> Place | None:
    """The file of an overlay's own that is for an object; of several the one whose name has one of some words in it."""
    found = []
    for path in overlay.reads:
        file = repository.files.get(path) if path.rpartition("/")[0] == overlay.path else None
        heads = (head for head in file.heads if head.kind == item.kind and head.name in item.name) if file else ()
        found += [Place(path, head.document) for head in heads]
    named = [each for each in found if any(word in each.path.rpartition("/")[2].lower() for word in words)]
    return next((group[0] for group in (found, named) if len(group) == 1), None)
