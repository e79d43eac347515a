"""Which objects the patches of a kustomization meet, with what engines add to it."""

from __future__ import annotations

from scaffold.assemble import above, layers
from scaffold.model import Kustomization, Repository


def of(repository: Repository, item: Kustomization, known: layers.Known | None = None) -> list[layers.Candidate] | None:
    """The objects that the patches of a kustomization meet; None where they cannot be known from files.

    Those of a component meet what is there in each kustomization that takes it (kustomize 5.8).
    """
    found: list[layers.Candidate] = []
    several = starts(repository, item)
    for start in several:
        layer = _of_start(repository, start, known)
        if layer is None:
            return None
        found.extend(layer)
    return found if several else None


def _of_start(repository: Repository, directory: str, known: layers.Known | None) -> list[layers.Candidate] | None:
    parts = [directory, *sorted(above.components(repository, directory))]
    if above.is_charted(repository, directory) or any(part not in repository.kustomizations for part in parts):
        return None
    found = [layers.before_patches(repository, part, known) for part in parts]
    told = [part for part in found if part is not None]
    return [candidate for part in told for candidate in part] if len(told) == len(parts) else None


def starts(repository: Repository, item: Kustomization) -> set[str]:
    """The directory itself, or those that take a component, through other components too."""
    pairs = repository.once(_taken)
    waiting, found, seen = [item.directory], set[str](), {item.directory}
    while waiting:
        directory = waiting.pop()
        level = repository.kustomizations.get(directory)
        if not (level and level.is_component):
            found.add(directory)
            continue
        takers = {taker for component, taker in pairs if component == directory} - seen
        seen |= takers
        waiting.extend(takers)
    return found


def _taken(repository: Repository) -> frozenset[tuple[str, str]]:
    """Every component with a directory that takes it, by itself or by a Kustomization of Flux."""
    levels = repository.kustomizations.items()
    own = ((r.target, path) for path, item in levels for r in item.references if r.field == "components")
    return frozenset((*own, *((component, path) for path, component in above.taken(repository))))
