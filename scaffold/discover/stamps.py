"""Stamps of files, by which a later look knows what it need not read again."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

RACY = 2_000_000_000  # nanoseconds: a file that was written this shortly before a look may change without a new stamp


class Stamp(NamedTuple):
    """What tells an unchanged file from a changed one without reading it.

    Nanoseconds, bytes, inode. A copy may bring a time of modification with it; the time of the last change it cannot.
    """

    modified: int
    changed: int
    size: int
    inode: int


def stamp(path: Path) -> Stamp | None:
    """The stamp of a file as it is now, as a tree has it; None where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return stamped(found) if stat.S_ISREG(found.st_mode) else None


def stamped(found: os.stat_result) -> Stamp:
    """The stamp of a file that was looked at already."""
    return Stamp(found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
