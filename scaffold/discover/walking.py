"""The walk over the directories of a root, while Git says what it ignores."""

from __future__ import annotations

import os
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from scaffold import git
from scaffold.discover.entries import CHART_INSIDES, Walk, enter
from scaffold.discover.trees import Tree
from scaffold.errors import ScaffoldError
from scaffold.model import Skipped

_NEVER = frozenset((".git", ".terraform", "node_modules", "__pycache__", ".venv", ".tox", ".mypy_cache", ".ruff_cache"))


def tree(root: Path) -> Tree:
    """Walk a directory.

    What Git ignores is left out, and so are the insides of charts: their templates are no YAML, be it that charts share
    them by links. A link that leaves the root is skipped by name, and so is, without a word, a directory without any
    file, which Git does not have. Raises ScaffoldError where the root is no readable directory.
    """
    _check(root)
    ignored = git.Ignored(root)  # which takes as long as the walk, so both are done at once
    walk = Walk()
    for directory, entries, inside in _directories(root, ignored, walk):
        enter(root, directory, entries, walk, inside=inside)
    walk.directories &= {"", *_above(walk.filled)}
    walk.others |= {path: walk.yaml.pop(path) for path in [p for p in walk.yaml if _is_below(p, walk.shared)]}
    _leave_out(walk, ignored.paths())
    return Tree(
        root,
        {path: walk.yaml[path] for path in sorted(walk.yaml)},
        {path: walk.others[path] for path in sorted(walk.others)},
        frozenset(walk.directories),
        tuple(sorted(walk.skipped, key=lambda item: item.path)),
        frozenset(walk.charts),
    )


def _above(directories: AbstractSet[str]) -> set[str]:
    """Some directories with all that they stand in."""
    found: set[str] = set()
    for directory in directories:
        path = directory
        while path and path not in found:
            found.add(path)
            path = path.rpartition("/")[0]
    return found


def _leave_out(walk: Walk, ignored: frozenset[str]) -> None:
    """Forget what was entered before it was known to be ignored."""
    if not ignored:
        return
    gone = {path for path in walk.directories if _is_below(path, ignored)}
    walk.directories -= gone
    walk.charts -= gone
    out = gone | ignored
    walk.yaml = {path: stamp for path, stamp in walk.yaml.items() if not _is_in(path, out)}
    walk.others = {path: stamp for path, stamp in walk.others.items() if not _is_in(path, out)}
    walk.skipped = [item for item in walk.skipped if not _is_in(item.path, out)]


def _is_below(path: str, directories: AbstractSet[str]) -> bool:
    while path:
        if path in directories:
            return True
        path = path.rpartition("/")[0]
    return False


def _is_in(path: str, out: AbstractSet[str]) -> bool:
    return path in out or path.rpartition("/")[0] in out


def _check(root: Path) -> None:
    if not root.exists():
        raise ScaffoldError(f"path {str(root)!r} does not exist; name a directory")
    if not root.is_dir():
        raise ScaffoldError(f"path {str(root)!r} is no directory; name the repository's directory")
    if not os.access(root, os.R_OK | os.X_OK):
        raise ScaffoldError(f"path {str(root)!r} cannot be read; mend its permissions")


def _directories(root: Path, ignored: git.Ignored, walk: Walk) -> Iterator[tuple[str, list[os.DirEntry[str]], bool]]:
    """Every directory that counts, with the files that may count, and whether it is the inside of a chart."""
    pending = [("", False)]
    top = f"{root}/"
    while pending:
        directory, inside = pending.pop()
        try:
            with os.scandir(top + directory) as scan:
                found = list(scan)
        except OSError as error:
            walk.filled.add(directory)
            walk.skipped.append(Skipped(directory or ".", f"cannot be read ({error.strerror}); mend its permissions"))
            continue
        chart = not inside and "Chart.yaml" in {entry.name for entry in found}
        if chart:
            walk.charts.add(directory)
        prefix = f"{directory}/" if directory else ""
        out = ignored.known()
        files = []
        for entry in found:
            name = entry.name
            if not name.isprintable():  # nor can it be written into a report
                shown = ascii(prefix + name)
                walk.skipped.append(Skipped(shown, "its name holds a character that cannot be printed; rename it"))
            elif not entry.is_dir(follow_symlinks=False):
                files.append(entry)
            elif name not in _NEVER and (path := prefix + name) not in out:
                walk.directories.add(path)
                pending.append((path, inside or (chart and name in CHART_INSIDES)))
        if files:
            walk.filled.add(directory)
        yield directory, files, inside
