"""Findings to text: one module per format, each a function from a report to lines, imported when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

from scaffold.report.outcome import Outcome
from scaffold.report.placed import below

__all__ = ["FORMATS", "lines"]

_MODULES = {
    "github": "github",
    "gitlab": "gitlab",
    "json": "json_lines",
    "junit": "junit",
    "markdown": "markdown",
    "sarif": "sarif",
    "text": "text",
}
_FORGES = frozenset(("github", "gitlab", "sarif"))
FORMATS = tuple(_MODULES)


def lines(format_: str, outcome: Outcome, root: Path, top: Path | None) -> Iterator[str]:
    """A report on the directory `root` in one of FORMATS.

    What a forge reads names files from `top`, the work tree that holds the root; everything else from the root.
    """
    if format_ in _FORGES and top is not None and root.is_relative_to(top):
        outcome, root = below(outcome, root.relative_to(top).as_posix()), top
    found: Iterator[str] = importlib.import_module(f"scaffold.report.{_MODULES[format_]}").lines(outcome, root)
    return found
