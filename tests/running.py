"""What tests that run commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from scaffold import git


class Result(NamedTuple):
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Result]


def commit(repository: Path) -> None:
    """Commit everything."""
    git.run(repository, "add", "--all")
    git.run(repository, "commit", "--quiet", "--message", "A state")


def status(repository: Path) -> list[str]:
    """What differs from the last commit."""
    return git.run(repository, "status", "--porcelain", "--untracked-files=all").splitlines()


def files(directory: Path) -> dict[str, bytes]:
    """Every file below a directory but Git's own."""
    found = (path for path in sorted(directory.rglob("*")) if path.is_file())
    named = {path.relative_to(directory): path for path in found}
    return {name.as_posix(): path.read_bytes() for name, path in named.items() if name.parts[0] != ".git"}
