"""Whom to tell how far a run is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]

_told: list[Progress] = []


def on_progress(report: Progress) -> None:
    """Have every step reported: what is done, how many of how many."""
    _told[:] = [report]


def tell(label: str, done: int, total: int) -> None:
    for report in _told:
        report(label, done, total)
