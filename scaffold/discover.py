"""Root to tree: which files and directories there are, without reading any of them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from scaffold import git
from scaffold.errors import NothingCheckedError, ScaffoldError
from scaffold.model import Skipped

KUSTOMIZATION_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_NEVER = frozenset((".git", ".terraform", "node_modules", "__pycache__", ".venv", ".tox", ".mypy_cache", ".ruff_cache"))
_CHART_INSIDES = frozenset(("templates", "charts", "crds", "files"))
_YAML = (".yaml", ".yml")
LARGEST = 20 * 1024 * 1024
RACY = 2_000_000_000  # nanoseconds: a file that was written this shortly before a look may change without a new stamp


class Stamp(NamedTuple):
    """What tells an unchanged file from a changed one without reading it.

    Nanoseconds, bytes, inode. A copy may bring a time of modification with it; the time of the last change it cannot.
    """

    modified: int
    changed: int
    size: int
    inode: int


@dataclass(frozen=True)
class Tree:
    """Every file and directory below a root, by path relative to it; `yaml` are the files to be loaded.

    `beside` are the directories of other repositories whose files are among them.
    """

    root: Path
    yaml: Mapping[str, Stamp]
    others: Mapping[str, Stamp]
    directories: frozenset[str]
    skipped: tuple[Skipped, ...] = ()
    charts: frozenset[str] = frozenset()
    beside: tuple[str, ...] = ()

    @cached_property
    def standing(self) -> Mapping[str, git.Standing]:
        """What Git calls the repository and those beside it, by directory; asked once."""
        return {directory: git.standing(self.root / directory) for directory in ("", *self.beside)}


@dataclass
class _Walk:
    yaml: dict[str, Stamp] = field(default_factory=dict)
    others: dict[str, Stamp] = field(default_factory=dict)
    directories: set[str] = field(default_factory=lambda: {""})
    skipped: list[Skipped] = field(default_factory=list)
    charts: set[str] = field(default_factory=set)
    filled: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)


def tree(root: Path) -> Tree:
    """Walk a directory.

    What Git ignores is left out, and so are the insides of charts: their templates are no YAML, be it that charts share
    them by links. A link that leaves the root is skipped by name, and so is, without a word, a directory without any
    file, which Git does not have. Raises ScaffoldError where the root is no readable directory.
    """
    _check(root)
    ignored = git.Ignored(root)  # which takes as long as the walk, so both are done at once
    walk = _Walk()
    for directory, entries, inside in _directories(root, ignored, walk):
        _enter(root, directory, entries, walk, inside=inside)
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


def nothing(root: Path, tree: Tree) -> NothingCheckedError:
    """Why nothing can be done with a tree without manifests; `root` is where the user has it."""
    fact = f"no manifest stands below {str(root)!r}"
    charts = sorted(tree.charts)
    if not charts:
        return NothingCheckedError(f"{fact}; name the directory that holds them")
    only = f"the chart {charts[0] or '.'!r}" if len(charts) == 1 else f"charts, such as {charts[0] or '.'!r}"
    return NothingCheckedError(f"{fact}, only {only}, which no engine deploys; 'gitops-scaffold adopt' takes it in")


def joined(main: Tree, others: Mapping[str, Tree]) -> Tree:
    """One tree with the files of others, by the directories in which they stand, relative to the first one's root."""
    yaml, rest = dict(main.yaml), dict(main.others)
    directories, charts, skipped = set(main.directories), set(main.charts), list(main.skipped)
    for directory, other in others.items():
        yaml.update({f"{directory}/{path}": stamp for path, stamp in other.yaml.items()})
        rest.update({f"{directory}/{path}": stamp for path, stamp in other.others.items()})
        directories.update(f"{directory}/{path}".rstrip("/") for path in other.directories)
        charts.update(f"{directory}/{path}".rstrip("/") for path in other.charts)
        skipped += [Skipped(f"{directory}/{item.path}", item.reason) for item in other.skipped]
    found = (frozenset(directories), tuple(skipped), frozenset(charts), tuple(others))
    return Tree(main.root, dict(sorted(yaml.items())), dict(sorted(rest.items())), *found)


def _above(directories: AbstractSet[str]) -> set[str]:
    """Some directories with all that they stand in."""
    found: set[str] = set()
    for directory in directories:
        path = directory
        while path and path not in found:
            found.add(path)
            path = path.rpartition("/")[0]
    return found


def _leave_out(walk: _Walk, ignored: frozenset[str]) -> None:
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


def _directories(root: Path, ignored: git.Ignored, walk: _Walk) -> Iterator[tuple[str, list[os.DirEntry[str]], bool]]:
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
                pending.append((path, inside or (chart and name in _CHART_INSIDES)))
        if files:
            walk.filled.add(directory)
        yield directory, files, inside


def _enter(root: Path, directory: str, files: list[os.DirEntry[str]], walk: _Walk, *, inside: bool) -> None:
    prefix = f"{directory}/" if directory else ""
    for entry in files:
        path = prefix + entry.name
        if entry.is_symlink():
            _link(root, path, walk)
            continue
        loaded = not inside and (entry.name.endswith(_YAML) or entry.name == "Kustomization")
        try:
            found = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue  # it was there a moment ago
        if stat.S_ISREG(found.st_mode):
            _add(path, found, walk, loaded=loaded)
        else:  # reading a pipe would wait for ever
            walk.skipped.append(Skipped(path, "neither a file nor a directory; remove it"))


def _add(path: str, found: os.stat_result, walk: _Walk, *, loaded: bool) -> None:
    if loaded and found.st_size > LARGEST:
        loaded = False
        reason = f"larger than {LARGEST >> 20} MiB; split it, or keep it out of the repository"
        walk.skipped.append(Skipped(path, reason))
    (walk.yaml if loaded else walk.others)[path] = _stamp(found)


def stamp(path: Path) -> Stamp | None:
    """The stamp of a file as it is now, as a tree has it; None where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return _stamp(found) if stat.S_ISREG(found.st_mode) else None


def _stamp(found: os.stat_result) -> Stamp:
    return Stamp(found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


def _link(root: Path, path: str, walk: _Walk) -> None:
    """Follow a link to a file inside the root; name one that leads elsewhere."""
    target = Path(os.path.realpath(root / path))
    if not target.is_relative_to(os.path.realpath(root)):
        walk.skipped.append(Skipped(path, "a link that leaves the repository; put the file itself there"))
        return
    if target.is_dir():
        walk.directories.add(path)
        walk.filled.add(path)
        above, _, name = path.rpartition("/")
        if name in _CHART_INSIDES and above in walk.charts:
            walk.shared.add(os.path.relpath(target, os.path.realpath(root)))
    elif target.exists():
        _add(path, target.stat(), walk, loaded=target.is_file() and path.endswith(_YAML))
    else:
        walk.skipped.append(Skipped(path, "a link to a file that is not there; remove it or put the file back"))
