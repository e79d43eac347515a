"""Which environment an application comes from when it goes to another."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.choice import full_name
from scaffold.errors import RefusedError, ScaffoldError
from scaffold.model import Overlay, Repository
from scaffold.nearest import hint


def before(repository: Repository, overlay: Overlay) -> list[Overlay]:
    """The overlays of the application in the stage before, or in the nearest one that it has; none in its first."""
    stages = {item.name: item.stage for item in repository.conventions.environments}
    own = stages.get(overlay.environment, -1)
    others = [item for item in _siblings(repository, overlay) if stages.get(item.environment, own) < own]
    last = max((stages[item.environment] for item in others), default=-1)
    return [item for item in others if stages[item.environment] == last]


def every(repository: Repository, overlay: Overlay) -> list[Overlay]:
    """The overlays of the application in the order of promotion."""
    stages = {item.name: item.stage for item in repository.conventions.environments}
    found = [overlay, *_siblings(repository, overlay)]
    return sorted(found, key=lambda item: (stages.get(item.environment, -1), item.environment))


def sources(repository: Repository, overlay: Overlay, named: str) -> list[Overlay]:
    """Where the versions come from: the stage before, all of it or the one environment that is named.

    Raises RefusedError where the named environment is not of the stage before, and ScaffoldError where nobody says
    which one that is.
    """
    known = repository.conventions
    if not known.declared:
        if not named:
            fact = "nothing declares the order of environments"
            raise ScaffoldError(f"{fact}; name one with --from, or declare 'environments' in .gitops-scaffold.yaml")
        return _named(repository, overlay, named, list(_siblings(repository, overlay)))
    found = before(repository, overlay)
    if not found:
        fact = f"{full_name(overlay)} is in no stage before {overlay.environment!r}"
        raise ScaffoldError(f"{fact}; 'gitops-scaffold bump' brings versions into the first one")
    return _named(repository, overlay, named, found) if named else found


def _named(repository: Repository, overlay: Overlay, named: str, among: list[Overlay]) -> list[Overlay]:
    chosen = [item for item in among if item.environment == named]
    if chosen:
        return chosen
    if any(item.environment == named for item in _siblings(repository, overlay)):
        stage = " or ".join(repr(item.environment) for item in among)
        raise RefusedError(f"{named!r} is not the stage before {overlay.environment!r}; promote from {stage}")
    names = [item.environment for item in among]
    raise ScaffoldError(f"{full_name(overlay)} has no environment {named!r}; {hint(named, names)}")


def _siblings(repository: Repository, overlay: Overlay) -> Iterator[Overlay]:
    """The application's overlays for other environments."""
    found = {item.path: item for item in repository.overlays.values() if full_name(item) == full_name(overlay)}
    return (item for item in found.values() if item.environment not in ("", overlay.environment))
