"""Kustomizations that list one by one what stands in directories below them, which have none of their own."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Container, Mapping

from scaffold.model import Kustomization, Repository, SourceFile

_SEVERAL = 2
_HIDING = frozenset(("ExternalSecret", "SealedSecret"))  # which no hand applies to try something out


def listers(repository: Repository, read: Container[str]) -> Mapping[str, Kustomization]:
    """The only kustomization that lists files of a directory, by directories of which it lists most that is there."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for directory, item in repository.kustomizations.items():
        for target in {reference.target for reference in item.references if reference.field == "resources"}:
            if target in repository.files and posixpath.dirname(target) not in repository.kustomizations:
                found[posixpath.dirname(target)][directory] += 1
    rest = Counter(file.directory for path, file in repository.files.items() if file.heads and path not in read)
    alone = {directory: counts.most_common(1)[0] for directory, counts in found.items() if len(counts) == 1}
    return {
        directory: repository.kustomizations[owner]
        for directory, (owner, count) in alone.items()
        if count >= _SEVERAL and count > rest[directory]
    }


def left_over(repository: Repository, read: Container[str]) -> Mapping[str, Kustomization]:
    """What makes Secrets and is the only file below a kustomization that it does not list, though it lists others."""
    rest: dict[str, list[SourceFile]] = defaultdict(list)
    for path, file in repository.files.items():
        if file.heads and path not in read and file.directory not in repository.kustomizations:
            item = above(repository, file.directory)
            rest[item.directory if item else ""].append(file)
    known = repository.kustomizations
    lone = ((known[directory], files[0]) for directory, files in rest.items() if len(files) == 1 and directory in known)
    return {
        file.path: item
        for item, file in lone
        if _HIDING.issuperset(head.kind for head in file.heads) and _one_by_one(repository, item) >= _SEVERAL
    }


def _one_by_one(repository: Repository, item: Kustomization) -> int:
    """How many files below it a kustomization lists, in directories without one."""
    targets = {reference.target for reference in item.references if reference.field == "resources"}
    below = (target for target in targets if posixpath.dirname(target) != item.directory)
    return sum(
        posixpath.dirname(target) not in repository.kustomizations for target in below if target in repository.files
    )


def above(repository: Repository, directory: str) -> Kustomization | None:
    """The nearest kustomization above a directory."""
    parts = directory.split("/")
    found = (repository.kustomizations.get("/".join(parts[:depth])) for depth in range(len(parts) - 1, -1, -1))
    return next(filter(None, found), None)


def is_twice(repository: Repository, file: SourceFile) -> bool:
    """Tell whether another file beside one declares an object of that name, too."""
    names = repository.once(_names)
    return any(names[file.directory, head.group, head.kind, head.name] > 1 for head in file.heads)


def _names(repository: Repository) -> Counter[tuple[str, str, str, str]]:
    files = repository.files.values()
    return Counter((file.directory, head.group, head.kind, head.name) for file in files for head in set(file.heads))
