"""What a build of Flux reads: where it begins, the kustomizations that it enters, and its files."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold import load
from scaffold.assemble.flux import written
from scaffold.model import Build, Kustomization, Repository


def starts(path: str, build: Build) -> tuple[str, ...]:
    """The directories and files that a build enters first, and the components that are added to it."""
    told = build.manifest.get("spec", "components")
    return (*((path,) if build.listed is None else build.listed), *written.components(path, told))


def entered(repository: Repository, path: str, build: Build) -> Iterator[Kustomization]:
    """Every kustomization that a build enters; one may come several times."""
    known = repository.kustomizations
    for start in starts(path, build):
        if start in known:
            yield from (known[directory] for directory in load.closure(start, known)[0])


def is_far(repository: Repository, path: str, build: Build) -> bool:
    """Tell whether something that is built is on the network."""
    known = repository.kustomizations
    return any(load.is_far(start, known) for start in starts(path, build) if start in known)


def files(repository: Repository, path: str, build: Build) -> dict[str, None]:
    """Every file that a build reads."""
    found: dict[str, None] = {}
    for start in starts(path, build):
        if start in repository.kustomizations:
            found.update(dict.fromkeys(load.read_by(start, repository.kustomizations)))
        else:
            found[start] = None
    return found
