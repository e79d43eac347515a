"""Why Helm or a file says no, without a path of this machine."""

from __future__ import annotations

import shutil
from pathlib import Path


def unread(error: Exception) -> str:
    """Why a file cannot be read, without its path on this machine; of several files, the first reason."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        return str(error.args[0][0][2]).partition("] ")[2].partition(": ")[0]
    return (error.strerror if isinstance(error, OSError) else "") or str(error)


_ASIDE = ("level=", "Use --debug flag", "WARNING")


def printed(told: str, chart: Path, root: Path) -> str:
    """What Helm told, as one line, with paths as the repository has them."""
    lines = [line for line in told.splitlines() if line.strip() and not line.startswith(_ASIDE)]
    text = " ".join(" ".join(lines).split()).removeprefix("Error: ")
    return text.replace(f"{chart}/", "").replace(str(chart), "the chart").replace(f"{root}/", "")
