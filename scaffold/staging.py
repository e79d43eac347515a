"""Writes that appear whole or not at all: made beside their destination, then moved into place."""

from __future__ import annotations

import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from scaffold.errors import ScaffoldError


class Content(NamedTuple):
    """What a file holds, and whether it may be executed."""

    data: bytes
    executable: bool = False


@contextmanager
def directory(destination: Path) -> Iterator[Path]:
    """Give an empty directory that becomes the destination when the block ends well; parents are made as needed."""
    _refuse_occupied(destination)
    made = _make_parents(destination)
    staged = _beside(destination)
    try:
        staged.mkdir()
        yield staged
        _refuse_occupied(destination)
        staged.replace(destination)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        for parent in reversed(made):
            with suppress(OSError):
                parent.rmdir()
        raise


def files(root: Path, contents: Mapping[str, Content | None]) -> None:
    """Write files below a root, or delete those that map to None; after a failure every file is as it was."""
    before = {path: read(root / path) for path in contents}
    try:
        for path, content in contents.items():
            _put(root / path, content)
    except BaseException:
        for path, content in before.items():
            _put(root / path, content)
        raise


def tree(root: Path) -> dict[str, Content]:
    """Every file below a directory, by its path relative to it."""
    found = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path.relative_to(root).as_posix(): Content(path.read_bytes(), _executable(path)) for path in found}


def read(path: Path) -> Content | None:
    """What a file holds; None where it is not there."""
    try:
        return Content(path.read_bytes(), _executable(path))
    except FileNotFoundError:
        return None


def _put(path: Path, content: Content | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = _beside(path)
    try:
        with staged.open("xb") as file:
            file.write(content.data)
        if content.executable:
            staged.chmod(staged.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        staged.replace(path)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise


def _executable(path: Path) -> bool:
    return bool(path.stat().st_mode & stat.S_IXUSR)


def _beside(path: Path) -> Path:
    """A new name in the same directory; opened or made by its user, so that the umask decides who may read it."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


def _make_parents(destination: Path) -> list[Path]:
    missing = [parent for parent in destination.parents if not parent.exists()][::-1]
    for parent in missing:
        parent.mkdir(exist_ok=True)
    return missing


def _refuse_occupied(destination: Path) -> None:
    if destination.is_symlink() or (destination.exists() and (not destination.is_dir() or any(destination.iterdir()))):
        raise ScaffoldError(f"{str(destination)!r} is not empty; choose another path, or remove what is there")
