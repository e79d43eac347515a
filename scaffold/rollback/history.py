"""The commits that changed a directory on the branch, as merges brought them there, and the one to go back to."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scaffold import git, holds
from scaffold.errors import ScaffoldError

_LOOKED_AT = 200  # changes of one directory
_EXCLUDE = ":(exclude)"
_FORMAT = "%H%x00%cs%x00%s%x00%(trailers:key=Rolled-back-from,valueonly,separator=%x2C)"


class Commit(NamedTuple):
    """A commit that changed a directory: when, why, and the commit that it took back, if it did."""

    commit: str
    date: str
    subject: str
    undid: str = ""

    def __str__(self) -> str:
        return f"{self.commit[:12]} {self.date} {self.subject}"


def scope(path: str, others: list[str], more: list[str]) -> list[str]:
    """Git's names for the files of an overlay: its directory without its hold and the overlays in it, and some more."""
    inside = [other for other in others if other != path and (not path or other.startswith(f"{path}/"))]
    excluded = [holds.path(path), *inside]
    return [path or ".", *more, *(f"{_EXCLUDE}{name}" for name in excluded)]


def changes(root: Path, paths: list[str]) -> list[Commit]:
    """What changed some paths, newest first; of a merged branch that is the merge."""
    listed = git.run(root, "log", f"-{_LOOKED_AT}", "--first-parent", f"--format={_FORMAT}", "--", *paths)
    return [Commit(*line.split("\0")) for line in listed.splitlines()]


def content(root: Path, commit: str, paths: list[str]) -> str:
    """What tells the content of some paths in a commit from any other."""
    excluded = {path.removeprefix(_EXCLUDE) for path in paths if path.startswith(_EXCLUDE)}
    included = (f"{path}/" for path in paths if not path.startswith(_EXCLUDE))
    lines = git.run(root, "ls-tree", "-r", "-z", commit, "--", *included).split("\0")
    return "\n".join(line for line in lines if not _is_below(line.partition("\t")[2], excluded))


def _is_below(path: str, directories: set[str]) -> bool:
    return any(path == directory or path.startswith(f"{directory}/") for directory in directories)


def last_good(root: Path, found: list[Commit], paths: list[str]) -> Commit | None:
    """The newest state that differs from the present one and was never gone back from; none where there is none.

    After one rollback another one goes further back, not to where the first came from.
    """
    present = content(root, "HEAD", paths)
    bad = {content(root, commit, paths) for state in found for commit in state.undid.split(",") if commit}
    for newer, state in itertools.pairwise(found):
        if content(root, state.commit, paths) not in {present, *bad}:
            return _at(root, f"{newer.commit}^")
    return None


def _at(root: Path, commit: str) -> Commit:
    """A commit by its name; that before a change is the last one in which what was before stood."""
    return Commit(*git.run(root, "log", "-1", f"--format={_FORMAT}", commit).rstrip("\n").split("\0"))


def named(root: Path, text: str, found: list[Commit], paths: list[str]) -> Commit:
    """The state of a commit, or the newest one that holds a version; raises ScaffoldError where there is none."""
    commit = git.run(root, "rev-parse", "--verify", "--quiet", f"{text}^{{commit}}", check=False).strip()
    if commit and not text.startswith("-"):
        return _at(root, commit)
    for newer, state in itertools.pairwise(found):
        if git.attempt(root, "grep", "--quiet", "-F", "-w", "-e", text, state.commit, "--", *paths).ok:
            return _at(root, f"{newer.commit}^")
    raise ScaffoldError(f"{text!r} is no commit, and no state of {paths[0]} holds it; look with 'git log {paths[0]}'")


def undone(found: list[Commit], target: Commit, root: Path) -> Iterator[Commit]:
    """The changes that going back takes back, newest first."""
    for state in found:
        if git.attempt(root, "merge-base", "--is-ancestor", state.commit, target.commit).ok:
            return
        yield state
