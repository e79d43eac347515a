"""The tree as Argo CD sees it, with those of the repositories beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path

from scaffold.assemble import addresses, argocd_settings
from scaffold.assemble.clusters import registered
from scaffold.expand.view import TreeView
from scaffold.model import Manifest, Repository

_BRANCHES = frozenset(("", "HEAD", "main", "master"))


def view(repository: Repository, root: Path, manifests: Iterable[Manifest]) -> TreeView:
    """What generators and overrides are read from; `manifests` are the objects whose sources tell its addresses."""
    known, uses = repository.conventions, list(manifests)
    beside = (_tree(repository, root, each.directory, addresses.of(each, uses)) for each in known.beside)
    own = _tree(repository, root, "", addresses.of_this(repository, uses))
    trees = (own, *beside)
    if argocd_settings.is_segmented(repository):
        trees = tuple(dataclasses.replace(tree, segmented=True) for tree in trees)
    return dataclasses.replace(trees[0], clusters=registered(known), beside=trees[1:])


def _tree(repository: Repository, root: Path, directory: str, urls: tuple[str, ...]) -> TreeView:
    known = repository.conventions
    cut = len(directory) + 1 if directory else 0

    def own(paths: frozenset[str]) -> frozenset[str]:
        return frozenset(path[cut:] for path in paths if known.home(path) == directory) if known.beside else paths

    return TreeView(
        files=own(repository.others | frozenset(repository.files)),
        directories=own(repository.directories),
        read=lambda path: (root / directory / path).read_text(encoding="utf-8"),
        repository_urls=urls,
        revisions=_BRANCHES | frozenset(_branches(repository, directory)) | frozenset(known.names.get(directory, ())),
        directory=directory,
    )


def _branches(repository: Repository, directory: str) -> Iterator[str]:
    """The names of this tree: an environment's own branch has the same one, once everything has been promoted."""
    yield from (item.branch for item in repository.conventions.environments if item.branch)
    for layer in repository.layers:
        if isinstance(layer.answers.get("branch"), str) and repository.conventions.home(layer.path) == directory:
            yield layer.answers["branch"]
