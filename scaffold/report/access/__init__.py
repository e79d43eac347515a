"""An audit to text: one module per format, each a function from an audit to lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scaffold.report.access import json_lines, markdown, sarif, text
from scaffold.report.access.outcome import Audit

REPORTERS: dict[str, Callable[[Audit], Iterator[str]]] = {
    "json": json_lines.lines,
    "markdown": markdown.lines,
    "sarif": sarif.lines,
    "text": text.lines,
}
