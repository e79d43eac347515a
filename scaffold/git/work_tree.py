"""Whether a directory stands in a work tree, and which."""

from __future__ import annotations

import os
from pathlib import Path

from scaffold.errors import ToolError
from scaffold.git.running import run


def keeps(directory: Path) -> bool:
    """Tell whether a directory may be in a work tree; where none is above it, git need not be started to say so."""
    where = Path(os.path.realpath(directory))
    return any(os.path.lexists(above / ".git") for above in (where, *where.parents))


def top(directory: Path) -> Path | None:
    """The work tree that holds a directory, or None outside of one."""
    if not keeps(directory):
        return None
    try:
        found = run(directory, "rev-parse", "--show-toplevel", check=False).strip()
    except (ToolError, OSError):
        return None
    return Path(found) if found else None
