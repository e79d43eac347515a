"""A progress bar on stderr for work that takes longer than a moment, and only on a terminal."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator

from scaffold import progress

_MOMENT = 1.0  # seconds


@contextlib.contextmanager
def bar() -> Iterator[None]:
    """Show how far the work of a block is."""
    started = time.monotonic()
    terminal = sys.stderr.isatty()
    shown = False

    def report(label: str, done: int, total: int) -> None:
        nonlocal shown
        if terminal and time.monotonic() - started > _MOMENT:
            filled = 30 * done // max(1, total)
            drawn = f"{'#' * filled}{' ' * (30 - filled)}"
            print(f"\r{label:<20} [{drawn}] {done}/{total} ", end="", file=sys.stderr, flush=True)
            shown = True

    try:
        with progress.told(report):
            yield
    finally:
        if shown:
            print(f"\r{' ' * 78}\r", end="", file=sys.stderr, flush=True)
