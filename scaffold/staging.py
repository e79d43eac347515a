"""Writes that appear whole or not at all: made beside their destination, then moved into place."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from scaffold.errors import ScaffoldError


class Content(NamedTuple):
    """What a file holds, and whether it may be executed; of a symbolic link, where it leads."""

    data: bytes
    executable: bool = False
    link: bool = False


@contextmanager
def directory(destination: Path) -> Iterator[Path]:
    """Give an empty directory that becomes the destination when the block ends well; parents are made as needed."""
    refuse_occupied(destination)
    made = _make_parents(destination)
    staged = _beside(destination)
    try:
        staged.mkdir()
        yield staged
        refuse_occupied(destination)
        staged.replace(destination)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        for parent in reversed(made):
            with suppress(OSError):
                parent.rmdir()
        raise


def refuse_occupied(destination: Path) -> None:
    """Raise ScaffoldError where a directory that is to be made is there and holds something."""
    if destination.is_symlink() or (destination.exists() and (not destination.is_dir() or any(destination.iterdir()))):
        raise ScaffoldError(f"{str(destination)!r} is not empty; choose another path, or remove what is there")


def files(root: Path, contents: Mapping[str, Content | None]) -> None:
    """Write files below a root, or delete those that map to None; after a failure every file is as it was."""
    before = {path: read(root / path) for path in contents}
    try:
        for path, content in contents.items():
            put(root / path, content)
    except BaseException:
        for path, content in before.items():
            put(root / path, content)
        raise


def tree(root: Path) -> dict[str, Content]:
    """Every file and link below a directory, by its path relative to it."""
    found = {path.relative_to(root).as_posix(): read(path) for path in sorted(root.rglob("*")) if _is_entry(path)}
    return {path: content for path, content in found.items() if content is not None}


def read(path: Path) -> Content | None:
    """What a file or a link holds; None where neither is there."""
    try:
        if path.is_symlink():
            return Content(os.fsencode(path.readlink()), link=True)
        return Content(path.read_bytes(), _executable(path))
    except (FileNotFoundError, NotADirectoryError):
        return None


def put(path: Path, content: Content | None, workshop: Path | None = None) -> None:
    """Write or delete one file, whole or not at all.

    It is made in the workshop, a directory where nobody looks, if that is on the same file system, else beside its
    destination.
    """
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    near = workshop is None or workshop.stat().st_dev != path.parent.stat().st_dev
    staged = _beside(path if near or workshop is None else workshop / path.name)
    try:
        _make(staged, content)
        staged.replace(path)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise


def _make(path: Path, content: Content) -> None:
    if content.link:
        path.symlink_to(os.fsdecode(content.data))
        return
    with path.open("xb") as file:
        file.write(content.data)
    if content.executable:
        path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def _is_entry(path: Path) -> bool:
    return path.is_symlink() or path.is_file()


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
