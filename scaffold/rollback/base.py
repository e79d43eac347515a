"""What an overlay shares with others: whether the cause is there, and how to have it as it was for one alone."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from pathlib import Path

from scaffold import edit, git, load, revisions, staging
from scaffold.errors import ScaffoldError
from scaffold.model import Overlay, Reference, Repository
from scaffold.rollback.history import Commit, changes
from scaffold.staging import Content

PINNED = "pinned"


def shared(overlay: Overlay, own: Sequence[str] = ()) -> list[str]:
    """The files that an overlay reads outside of its directory and of some others."""
    inside = (f"{overlay.path}/", *(f"{directory}/" for directory in own))
    return [path for path in overlay.reads if not path.startswith(inside)]


def alone(repository: Repository, overlay: Overlay) -> list[str]:
    """The directories that an overlay reads, no other overlay of its environment, where that has a branch of its own.

    They are the environment's like the overlay itself.
    """
    environment = repository.conventions.environment(overlay.environment)
    if environment is None or not environment.branch:
        return []
    others = [item for item in repository.overlays.values() if item.path != overlay.path]
    read = {path for item in others if item.environment in ("", overlay.environment) for path in item.reads}
    found = {path.rpartition("/")[0] for path in shared(overlay)} - {""}
    return sorted(directory for directory in found if not any(path.startswith(f"{directory}/") for path in read))


def readers(repository: Repository, overlay: Overlay, paths: list[str]) -> list[str]:
    """The other overlays that read one of some files; an environment's own branch counts for that one alone."""
    wanted, own = set(paths), repository.conventions.environment(overlay.environment)
    others = [item for item in repository.overlays.values() if not wanted.isdisjoint(item.reads)]
    branched = own is not None and own.branch
    found = {item.path for item in others if not branched or item.environment in ("", overlay.environment)}
    return sorted(found - {overlay.path})


def newest(root: Path, paths: list[str], own: list[Commit]) -> Commit | None:
    """The last change of what an overlay shares, if it is newer than the last one of its own."""
    found = changes(root, paths)[:1] if paths else []
    if not found or (own and found[0].commit == own[0].commit):
        return None
    is_older = own and git.attempt(root, "merge-base", "--is-ancestor", found[0].commit, own[0].commit).ok
    return None if is_older else found[0]


def changed(root: Path, paths: list[str], commit: str) -> list[str]:
    """Those of the shared files that differ from what they were in a commit."""
    return revisions.differing(root, commit, "HEAD", among=paths) if paths else []


def pinned(
    tree: Path, repository: Repository, overlay: str, contents: Mapping[str, Content | None]
) -> dict[str, Content | None]:
    """The files of an overlay with a copy of its bases as a tree has them, in its own directory.

    Raises ScaffoldError where it is no kustomization, or where a base builds on something else again.
    """
    item = repository.kustomizations.get(overlay)
    if item is None:
        raise ScaffoldError(
            f"{overlay} is no kustomization, so nothing can be pinned for it; revert in the shared files"
        )
    bases = [r for r in item.references if r.target in repository.kustomizations and not _is_inside(r.target, overlay)]
    made = dict(contents)
    settings: list[edit.Change] = []
    for number, reference in enumerate(bases):
        name = PINNED + (f"-{number}" if number else "")
        for path, content in _copied(tree, repository, reference).items():
            made[posixpath.join(overlay, name, path)] = content
        settings.append(edit.Set(0, reference.pointer, name))
    path = item.manifest.path
    before = made.get(path) or staging.read(tree / path)
    assert before is not None
    made[path] = before._replace(data=edit.changed(before.data, settings, path))
    return made


def _copied(tree: Path, repository: Repository, reference: Reference) -> dict[str, Content]:
    base = reference.target
    for path in load.read_by(base, repository.kustomizations):
        if not _is_inside(path, base):
            raise ScaffoldError(f"{base} builds on {path}, so it cannot be pinned alone; revert in the shared files")
    return staging.tree(tree / base)


def _is_inside(path: str, directory: str) -> bool:
    return path.startswith(f"{directory}/")
