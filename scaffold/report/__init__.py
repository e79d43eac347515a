"""Findings to text: one module per format, each a function from a report to lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from scaffold.report import json_lines, text
from scaffold.report.outcome import Outcome

REPORTERS: dict[str, Callable[[Outcome, Path], Iterator[str]]] = {"json": json_lines.lines, "text": text.lines}
