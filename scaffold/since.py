"""Since when something is as it is: the commit that wrote it, or the one that moved a pin to a commit that has it.

A branch is read along its first parents, so that what a merge brought is as old as the merge.
"""

from __future__ import annotations

import datetime
import itertools
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scaffold import git, instants, pins
from scaffold.model import Overlay
from scaffold.pins import Pin

_FIELDS = "%x1e%cI%x1f%h%x1f%an%x1f%s"  # time, short hash, author, subject
# As the lines are in the files: no program that somebody has configured shows them, or reads them first.
_PATCH = (
    *("--patch", "--unified=0", "--no-renames", "--no-color", "--relative", "--no-ext-diff", "--no-textconv"),
    *("--src-prefix=a/", "--dst-prefix=b/"),
)
_FEW = 50  # paths that are named one by one


class Commit(NamedTuple):
    """A commit that brought something: when, its short name, its author, its subject."""

    time: datetime.datetime
    name: str
    author: str
    subject: str


class _Line(NamedTuple):
    """A line of a file that a commit added or took away; no commit where that is not committed yet."""

    commit: Commit | None
    path: str
    added: bool
    text: str


_ByPath = dict[str, Commit | None]


@dataclass(frozen=True)
class Past:
    """How the files in a directory came to be what they are: by commits, or by a pin, read where its file stands."""

    root: Path
    pin: Pin | None = None
    pinning: Path | None = None

    def versions(self, wanted: Iterable[tuple[Overlay, Sequence[str]]]) -> dict[str, Commit]:
        """For each overlay's path, the newest commit that wrote one of its versions in a file that it reads.

        Where none did, as with a version that a generator makes, the commit that made the directory. Nothing outside
        of a Git repository, and nothing for what is not committed.
        """
        written, made = self._read(wanted)
        return {name: commit for name, commit in {**made, **written}.items() if commit}

    def written(self, overlay: Overlay, version: str) -> Commit | None:
        """The newest commit that wrote a version in a file that an overlay reads; None where it is not committed."""
        return self._read([(overlay, [version])])[0].get(overlay.path)

    def _read(self, wanted: Iterable[tuple[Overlay, Sequence[str]]]) -> tuple[_ByPath, _ByPath]:
        """By the overlay's path, what wrote its versions, and what made its directory."""
        readers: dict[str, list[str]] = defaultdict(list)
        patterns: dict[str, re.Pattern[str]] = {}
        for overlay, texts in wanted:
            patterns[overlay.path] = _pattern(texts)
            for path in {*overlay.reads, posixpath.join(overlay.path, "kustomization.yaml")}:
                readers[path].append(overlay.path)
        written: _ByPath = {}
        made: _ByPath = {}
        for line in self._lines(readers):
            for name in readers.get(line.path, ()) if line.added else ():
                if line.path.startswith(f"{name}/"):
                    made[name] = line.commit
                if name not in written and patterns[name].search(line.text):
                    written[name] = line.commit
        return written, made

    def files(self, paths: Iterable[str]) -> Commit | None:
        """The newest commit that changed one of these files; None where there is none, or it is not committed."""
        wanted = frozenset(paths)
        return next((line.commit for line in self._lines(wanted) if line.path in wanted), None)

    def _lines(self, paths: Iterable[str]) -> Iterator[_Line]:
        """Every line that changed beside these files, newest first."""
        if head(self.root) is None:
            return
        named = _named(paths)
        if self.pin is not None and self.pinning is not None:
            yield from _moved(self.root, named, self.pin, self.pinning)
        else:
            yield from _committed(self.root, named)


def head(root: Path) -> Commit | None:
    """The commit that is checked out; None without one."""
    said = git.run(root, "log", "-1", f"--format={_FIELDS}", check=False) if git.top(root) else ""
    return _commit(said.lstrip("\x1e").rstrip("\n")) if said else None


def _pattern(texts: Sequence[str]) -> re.Pattern[str]:
    words = "|".join(re.escape(text) for text in texts if text)
    return re.compile(rf"(?<![\w.-])(?:{words})(?![\w.-])" if words else r"(?!)")


def _named(paths: Iterable[str]) -> list[str]:
    """The paths, or where they are many their first components, so that the command line stays short."""
    every = sorted(set(paths))
    return every if 0 < len(every) <= _FEW else sorted({path.partition("/")[0] for path in every}) or ["."]


def _committed(root: Path, paths: Sequence[str]) -> Iterator[_Line]:
    uncommitted = git.run(root, "diff", "HEAD", *_PATCH, "--", *paths)
    yield from _parsed(uncommitted.split("\n"), None)
    arguments = ("log", "--first-parent", "-m", f"--format={_FIELDS}", *_PATCH)
    said = git.run(root, *arguments, "--", *paths)
    for entry in said.split("\x1e")[1:]:
        told, *lines = entry.split("\n")
        yield from _parsed(lines, _commit(told))


def _moved(root: Path, paths: Sequence[str], pin: Pin, pinning: Path) -> Iterator[_Line]:
    """What each move of a pin changed, between the tree that it left and the one that it came to."""
    moves = [(move.change, move.commit) for move in pins.history(pinning, pin)]
    if not moves or moves[0][1] != pin.commit:
        moves = [("", pin.commit), *moves]  # as it was moved to, and not committed
    trees = [*_trees(root, [to for _, to in moves]), _empty(root)]
    pairs = [f"{before} {after}" for after, before in itertools.pairwise(trees)]
    said = git.run(root, "diff-tree", "--stdin", "-r", *_PATCH, "--", *paths, stdin=_lined(pairs))
    commits = _commits(pinning, [change for change, _ in moves if change])
    position = -1
    for told, lines in itertools.groupby(said.split("\n"), lambda line: line.partition(" ")[0] in trees):
        if told:
            position += len(list(lines))
        elif position >= 0:
            yield from _parsed(lines, commits.get(moves[position][0]))


def _trees(root: Path, commits: Sequence[str]) -> Iterator[str]:
    """The trees of commits up to the first that is not here, as in a shallow clone; the empty one for no commit."""
    empty = _empty(root)
    asked = _lined(f"{commit}^{{tree}}" if commit else empty for commit in commits)
    for line in git.run(root, "cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=asked).splitlines():
        name, _, kind = line.partition(" ")
        if kind != "tree":
            return
        yield name


def _empty(root: Path) -> str:
    return git.run(root, "hash-object", "-t", "tree", "--stdin", stdin="").strip()


def _commits(root: Path, names: Sequence[str]) -> Mapping[str, Commit]:
    if not names:
        return {}
    said = git.run(root, "log", "--no-walk=unsorted", "--stdin", f"--format=%H{_FIELDS}", stdin=_lined(names))
    told = (line.split("\x1e", 1) for line in said.split("\n") if line)
    return {name: _commit(fields) for name, fields in told}


def _lined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _parsed(lines: Iterable[str], commit: Commit | None) -> Iterator[_Line]:
    """The lines of a patch that has no context."""
    path, is_body = "", False
    for line in lines:
        if line.startswith("@@ "):
            is_body = True
        elif line.startswith("diff --git "):
            is_body = False
        elif not is_body and line.startswith(("--- ", "+++ ")):
            told = line[4:].removesuffix("\t").strip('"')
            path = path if told == "/dev/null" else told[2:]
        elif is_body and line.startswith(("+", "-")):
            yield _Line(commit, path, line.startswith("+"), line[1:])


def _commit(told: str) -> Commit:
    time, name, author, subject = told.split("\x1f", 3)
    return Commit(instants.parsed(time), name, author, subject)
