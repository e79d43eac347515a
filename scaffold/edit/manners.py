"""How a text is written, so that what is added looks like the rest."""

from __future__ import annotations

from typing import NamedTuple

from scaffold import parse
from scaffold.edit.places import column


class Manner(NamedTuple):
    """How a file is written: the line break, what a nested mapping is indented by, and a list below a key."""

    newline: str
    mapping: int
    sequence: int
    style: str


def shown(text: str, document: parse.Node) -> Manner:
    """How the document is written, as its first nested mapping, list and quotes show."""
    found: dict[str, int] = {}
    style = ""
    pending = [document]
    while pending:
        node = pending.pop(0)
        if isinstance(node, parse.Sequence):
            pending += node.items
        elif isinstance(node, parse.Mapping):
            for key, value in node.pairs:
                pending.append(value)
                if isinstance(value, parse.Scalar) and value.style == '"':
                    style = '"'
                elif isinstance(value, (parse.Mapping, parse.Sequence)) and not value.inline and not node.inline:
                    kind = "mapping" if isinstance(value, parse.Mapping) else "sequence"
                    found.setdefault(kind, column(text, _first(value)) - column(text, key.start))
    return Manner("\r\n" if "\r\n" in text else "\n", found.get("mapping", 2), found.get("sequence", 2), style)


def _first(node: parse.Mapping | parse.Sequence) -> int:
    return node.pairs[0][0].start if isinstance(node, parse.Mapping) else node.start
