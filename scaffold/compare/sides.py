"""The two states of a repository, and what of them has to be rendered."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from scaffold import assemble, discover, load, publish, revisions, settings
from scaffold.cache import Cache
from scaffold.discover import Tree
from scaffold.model import Overlay, Repository, SourceFile
from scaffold.render import builders
from scaffold.settings import NAME
from scaffold.validate import Options
from scaffold.validate.reading import files

_ENGINES = ("argoproj.io", "fluxcd.io")


@dataclass(frozen=True)
class Side:
    """A state: a directory that holds at least the files of the affected overlays, and the whole repository."""

    root: Path
    repository: Repository


class Sides(NamedTuple):
    """Both states, the names of the overlays that may differ, and the files that do."""

    before: Side
    after: Side
    affected: tuple[str, ...]
    changed: frozenset[str]


@contextlib.contextmanager
def sides(root: Path, before: str, after: str, options: Options) -> Iterator[Sides]:
    """Read both states; `after` is a commit, or empty for the files as they are.

    Raises ToolError for an unknown revision, and NothingCheckedError where there is no manifest on either side.
    """
    before = revisions.resolved(
        root, before
    )  # as names like HEAD mean something else in the checkout of the other side
    with contextlib.ExitStack() as stack:
        here = root
        if after and not _is_here(root, after):
            here = stack.enter_context(publish.checkout(root, after))
        changed = revisions.changed_since(here, before)
        tree, read = _read(here, options)
        new = assemble.repository(tree, read, settings.read(here), builders.find(options.kustomize or None))
        if _is_alike(root, before, changed, new):
            _refuse_empty(root, tree, read)
            old_root = stack.enter_context(publish.checkout(root, before, tuple(sorted(changed))))
            old_files = {**read, **_old(old_root, changed, read)}
            old = replace(new, files=old_files)
            if not all(_is_payload(old_files[path]) and _is_payload(read[path]) for path in changed):
                old = assemble.repository(tree, old_files, settings.read(here))
        else:
            old_root = stack.enter_context(publish.checkout(root, before))
            old_tree, old_files = _read(old_root, options)
            _refuse_empty(root, tree, {**old_files, **read})
            old = assemble.repository(old_tree, old_files, settings.read(old_root))
        affected = tuple(_affected(old, new, changed))
        _complete(old_root, here, old, affected)
        yield Sides(Side(old_root, old), Side(here, new), affected, changed)


@contextlib.contextmanager
def first(root: Path, _: str, after: str, options: Options) -> Iterator[Sides]:
    """Read a commit that nothing was before; raises as `sides` does."""
    with publish.checkout(root, after) as here:
        tree, read = _read(here, options)
        _refuse_empty(root, tree, read)
        new = assemble.repository(tree, read, settings.read(here), builders.find(options.kustomize or None))
        old = replace(new, overlays={}, applications=())
        yield Sides(Side(here, old), Side(here, new), tuple(sorted(new.overlays)), frozenset(read))


def _is_here(root: Path, revision: str) -> bool:
    """Tell whether the files of a revision are those that are there."""
    return not revisions.changed_since(root, revision)


def _read(root: Path, options: Options) -> tuple[Tree, dict[str, SourceFile]]:
    tree = discover.tree(root)
    with contextlib.closing(Cache(options.cache)) as cache:
        found = files(tree, cache, options.jobs)
    return tree, found


def _refuse_empty(root: Path, tree: Tree, found: Mapping[str, SourceFile]) -> None:
    """A team's repository may be empty on one side: it is before its first application, and after its last."""
    if not any(file.heads or file.problem for file in found.values()):
        raise discover.nothing(root, tree)


def _is_alike(root: Path, before: str, changed: frozenset[str], new: Repository) -> bool:
    """Tell whether the older state differs by the content of manifests alone.

    Then it need not be written out. Files that come or go, or that generators read, need all of it.
    """
    modified = set(revisions.differing(root, before, only="M"))
    special = {path for path in changed if path.rpartition("/")[2].startswith(".") or path == NAME}
    return changed <= modified and changed <= new.files.keys() and not special and not changed & new.consulted


def _is_payload(file: SourceFile) -> bool:
    """Tell whether a file is only deployed, and says nothing about what is deployed from where."""
    name = file.path.rpartition("/")[2]
    engines = any(head.group.endswith(_ENGINES) for head in file.heads)
    return not engines and not file.problem and name not in (*discover.KUSTOMIZATION_NAMES, "Chart.yaml")


def _old(root: Path, changed: frozenset[str], read: Mapping[str, SourceFile]) -> dict[str, SourceFile]:
    return {path: load.source_file(path, (root / path).read_bytes()) for path in changed if path in read}


def _affected(before: Repository, after: Repository, changed: frozenset[str]) -> Iterator[str]:
    for name in sorted({*before.overlays, *after.overlays}):
        both = [overlay for side in (before, after) if (overlay := side.overlays.get(name))]
        if len(both) < 2 or any(not changed.isdisjoint(overlay.reads) for overlay in both) or _differ(*both):
            yield name


def _differ(one: Overlay, other: Overlay) -> bool:
    """Tell whether overlays of equal files are built otherwise."""
    told = [
        (item.how, item.release, item.build and (item.build.manifest.data, item.build.variables))
        for item in (one, other)
    ]
    return told[0] != told[1]


def _complete(directory: Path, here: Path, repository: Repository, names: tuple[str, ...]) -> None:
    """Put beside the changed files of the older state those that affected overlays read and that did not change."""
    overlays = (repository.overlays[name] for name in names if name in repository.overlays)
    for path in {path for overlay in overlays for path in overlay.reads}:
        if (here / path).is_file() and not (directory / path).exists():
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(here / path, directory / path)
