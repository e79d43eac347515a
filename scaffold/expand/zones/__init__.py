"""The names of time zones, from a data file that `python -m scaffold.expand.zones.remake` writes."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def names() -> frozenset[str]:
    """Every name of the IANA database, which Go knows too; comments are left out."""
    text = (resources.files(__name__) / "names.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))
