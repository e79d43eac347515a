"""The layers of a repository: every directory that holds an answers file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scaffold import answers, git
from scaffold.answers import Recorded
from scaffold.errors import ScaffoldError

_NEVER = frozenset((".git", "node_modules", "__pycache__", ".venv", ".terraform"))


@dataclass(frozen=True, eq=False)
class Layer:
    """A directory that was generated, relative to the root (empty for the root itself), and what it was made with."""

    directory: str
    recorded: Recorded

    @property
    def name(self) -> str:
        """The directory as people are told of it."""
        return self.directory or "."

    def at(self, path: str) -> str:
        """The path of one of its files, relative to the root."""
        return f"{self.directory}/{path}" if self.directory else path


@dataclass(frozen=True)
class Found:
    """The layers of this template, those that were asked for among them, and directories of other templates."""

    root: Path
    layers: tuple[Layer, ...]
    chosen: tuple[Layer, ...]
    foreign: tuple[str, ...]


def find(paths: Sequence[Path]) -> Found:
    """The layers of the repository that some paths are in; those below a path, or that it is in, are chosen.

    Raises ScaffoldError where there is none.
    """
    root = _root(paths[0].resolve())
    directories = sorted(_directories(root))
    everything = [Layer(directory, answers.read(root / directory)) for directory in directories]
    layers = tuple(layer for layer in everything if "kind" in layer.recorded.answers)
    foreign = tuple(layer.name for layer in everything if layer not in layers)
    chosen: dict[str, Layer] = {}
    for path in paths:
        chosen |= {layer.directory: layer for layer in _below(root, layers, path)}
    return Found(root, layers, tuple(chosen.values()), foreign)


def _root(start: Path) -> Path:
    """The work tree, or outside of Git the outermost layer."""
    if not start.exists():
        raise ScaffoldError(f"path {str(start)!r} does not exist; name a directory of a generated repository")
    directory = start if start.is_dir() else start.parent
    found = git.top(directory)
    if found:
        return found
    outer = [parent for parent in (directory, *directory.parents) if (parent / answers.NAME).is_file()]
    return outer[-1] if outer else directory


def _directories(root: Path) -> Iterator[str]:
    pending = [""]
    while pending:
        directory = pending.pop()
        with os.scandir(root / directory) as entries:
            for entry in entries:
                path = f"{directory}/{entry.name}" if directory else entry.name
                if entry.name == answers.NAME and entry.is_file():
                    yield directory
                elif entry.is_dir(follow_symlinks=False) and entry.name not in _NEVER:
                    pending.append(path)


def _below(root: Path, layers: tuple[Layer, ...], path: Path) -> list[Layer]:
    try:
        wanted = path.resolve().relative_to(root).as_posix()
    except ValueError as error:
        raise ScaffoldError(f"{str(path)!r} is not in {str(root)!r}; name paths of one repository") from error
    if wanted == ".":
        found = list(layers)
    else:
        found = [each for each in layers if f"{each.directory}/".startswith(f"{wanted}/")]
    if not found:
        holding = [each for each in layers if not each.directory or f"{wanted}/".startswith(f"{each.directory}/")]
        found = holding[-1:]
    if not found:
        fact = f"{str(path)!r} is in no generated repository"
        raise ScaffoldError(f"{fact}; go into one, or make one with 'gitops-scaffold new'")
    return found
