"""What Git leaves out of a repository."""

from __future__ import annotations

import threading
from collections.abc import Collection
from pathlib import Path

from scaffold.errors import ToolError
from scaffold.git.running import run
from scaffold.git.work_tree import keeps


class Ignored:
    """The files and directories that Git ignores, asked for while the caller does something else."""

    def __init__(self, directory: Path) -> None:
        self._found: frozenset[str] = frozenset()
        self._thread = threading.Thread(target=self._ask, args=(directory,), daemon=True)
        self._thread.start()

    def _ask(self, directory: Path) -> None:
        self._found = _ignored(directory)

    def known(self) -> frozenset[str]:
        """What is known already: everything or nothing."""
        return self._found

    def paths(self) -> frozenset[str]:
        """Wait for the answer."""
        self._thread.join()
        return self._found


def _ignored(directory: Path) -> frozenset[str]:
    """The files and directories that Git ignores, relative to a directory; none where Git or a work tree is missing."""
    if not keeps(directory):
        return frozenset()
    arguments = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
    try:
        listed = run(directory, *arguments, check=False)
    except (ToolError, OSError):
        return frozenset()
    return frozenset(path.rstrip("/") for path in listed.split("\0") if path)


def would_ignore(directory: Path, paths: Collection[str]) -> frozenset[str]:
    """Those of some paths below a directory that Git would ignore, were they there; none outside of a work tree."""
    asked = "\0".join(path for path in paths if not path.startswith("../")) if keeps(directory) else ""
    try:
        listed = run(directory, "check-ignore", "-z", "--stdin", check=False, stdin=asked) if asked else ""
    except (ToolError, OSError):
        return frozenset()
    return frozenset(path for path in listed.split("\0") if path)
