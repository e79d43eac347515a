"""Writes the names of time zones anew, from the package tzdata."""

from __future__ import annotations

import importlib.metadata
from importlib import resources
from pathlib import Path


def remake() -> None:
    """Write `names.txt`; raises PackageNotFoundError where tzdata is not installed."""
    version = importlib.metadata.version("tzdata")
    zones = sorted((resources.files("tzdata") / "zones").read_text(encoding="utf-8").split())
    lines = [f"# from tzdata {version}; written by python -m scaffold.expand.zones.remake", *zones]
    (Path(__file__).parent / "names.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    remake()
