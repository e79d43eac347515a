"""Since when each overlay declares what it declares, in one reading of the history."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from scaffold import git
from scaffold.errors import ToolError
from scaffold.model import Overlay
from scaffold.report.page.nouns import Change, Version

_FIELDS = "%x1e%cs%x1f%h%x1f%an%x1f%s"  # date, short hash, author, subject


def since(root: Path, wanted: Iterable[tuple[Overlay, tuple[Version, ...]]]) -> dict[str, Change]:
    """For each overlay's path, the newest commit that wrote one of its versions in a file that it reads.

    Where none did, as with a version that a generator makes, the commit that made the directory. Nothing outside of a
    Git repository, and nothing for what is not committed.
    """
    readers: dict[str, list[str]] = defaultdict(list)
    patterns: dict[str, re.Pattern[str]] = {}
    for overlay, versions in wanted:
        words = "|".join(re.escape(version.text) for version in versions if version.text)
        patterns[overlay.path] = re.compile(rf"(?<![\w.-])(?:{words})(?![\w.-])" if words else r"(?!)")
        for path in {*overlay.reads, f"{overlay.path}/kustomization.yaml"}:
            readers[path].append(overlay.path)
    written: dict[str, Change] = {}
    made: dict[str, Change] = {}
    for change, path, line in _added(root, readers):
        for name in readers.get(path, ()):
            if path.startswith(f"{name}/"):
                made[name] = change
            if name not in written and patterns[name].search(line):
                written[name] = change
    return {**made, **written}


def head(root: Path) -> Change | None:
    """The commit that is checked out; None without one."""
    said = git.run(root, "log", "-1", f"--format={_FIELDS}", check=False) if git.top(root) else ""
    return _change(said.lstrip("\x1e").rstrip("\n")) if said else None


def days(change: Change | None, today: datetime.date) -> int | None:
    """How many days ago a change was; never less than none, whatever a clock said."""
    return None if change is None else max(0, (today - datetime.date.fromisoformat(change.date)).days)


def _added(root: Path, paths: Iterable[str]) -> Iterator[tuple[Change, str, str]]:
    """Every line that a commit added beside these files, newest first, with its file."""
    if git.top(root) is None:
        return
    arguments = ("log", f"--format={_FIELDS}", "--patch", "--unified=0", "--no-renames", "--no-color", "--relative")
    try:
        said = git.run(root, *arguments, "--", *_tops(paths), check=False)
    except ToolError:
        return
    change, path = None, ""
    for line in said.split("\n"):
        if line.startswith("\x1e"):
            change = _change(line[1:])
        elif line.startswith("+++ "):
            path = line[4:].strip().strip('"').removeprefix("b/")
        elif line.startswith("+") and change is not None:
            yield change, path, line[1:]


def _tops(paths: Iterable[str]) -> list[str]:
    """The first components, so that the command line stays short."""
    return sorted({path.partition("/")[0] for path in paths}) or ["."]


def _change(line: str) -> Change:
    date, commit, author, subject = (*line.split("\x1f", 3), "", "", "")[:4]
    return Change(date, commit, author, subject)
