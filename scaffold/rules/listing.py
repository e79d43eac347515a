"""Kustomizations that list one by one what stands in directories below them, which have none of their own."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Container, Mapping

from scaffold.model import Kustomization, Repository, SourceFile

_SEVERAL = 2


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


def is_twice(repository: Repository, file: SourceFile) -> bool:
    """Tell whether another file beside one declares an object of that name, too."""
    names = repository.once(_names)
    return any(names[file.directory, head.group, head.kind, head.name] > 1 for head in file.heads)


def _names(repository: Repository) -> Counter[tuple[str, str, str, str]]:
    files = repository.files.values()
    return Counter((file.directory, head.group, head.kind, head.name) for file in files for head in set(file.heads))
