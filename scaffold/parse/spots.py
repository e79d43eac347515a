"""YAML to texts that know where they stand, for files in which a script is a value."""

from __future__ import annotations

from typing import Any, NamedTuple

import yaml

from scaffold.model.spots import Mark, Spot
from scaffold.parse.errors import at
from scaffold.parse.nodes import nodes
from scaffold.parse.scalars import TAG


class Tagged(NamedTuple):
    """A value with a tag that is not YAML's own, as `!reference [.setup, script]`."""

    tag: str
    value: Any


def spots(text: str, path: str) -> list[Any]:
    """Each document as dicts, lists and Spots; no scalar is resolved, so `on` and `false` stay text.

    Raises YamlError.
    """
    reader = _Reader(text, path)
    return [reader.value(node) for node in nodes(text) if node is not None]


class _Reader:
    def __init__(self, text: str, path: str) -> None:
        self._lines = text.split("\n")
        self._path = path
        self._known: dict[int, Any] = {}
        self._open: set[int] = set()

    def value(self, node: Any) -> Any:
        if id(node) not in self._known:
            if id(node) in self._open:
                raise at(node, "refers to itself")
            self._open.add(id(node))
            found = self._read(node)
            own = node.tag if node.tag.startswith("!") else ""
            self._known[id(node)] = Tagged(own, found) if own else found
        return self._known[id(node)]

    def _read(self, node: Any) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return Spot.of(node.value, self._path, tuple(self._marks(node)))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item) for item in node.value]
        merged: dict[Any, Any] = {}
        result: dict[Any, Any] = {}
        for key, item in node.value:
            if key.tag == TAG + "merge":
                merged = {**self._merge(self.value(item)), **merged}
            elif isinstance(key, yaml.ScalarNode):
                result[self.value(key)] = self.value(item)
        return {**merged, **result}

    def _merge(self, value: Any) -> dict[Any, Any]:
        parts = value if isinstance(value, list) else [value]
        result: dict[Any, Any] = {}
        for part in reversed(parts):
            result.update(part if isinstance(part, dict) else {})
        return result

    def _marks(self, node: Any) -> list[Mark]:
        start, end = node.start_mark, node.end_mark
        if node.style == "|":
            return self._of_block(node)
        if start.line == end.line:
            return [Mark(0, start.line + 1, start.column + 1 + bool(node.style))]
        return self._of_folded(node, start.line + (node.style == ">"), end.line)

    def _of_block(self, node: Any) -> list[Mark]:
        """A literal block: one line of the value is one line of the file, less the indentation."""
        first = node.start_mark.line + 1
        written = [line for line in self._lines[first : node.end_mark.line + 1] if line.strip()]
        indent = len(written[0]) - len(written[0].lstrip(" ")) if written else 0
        marks, offset = [], 0
        for number, line in enumerate(node.value.split("\n")):
            marks.append(Mark(offset, first + number + 1, indent + 1))
            offset += len(line) + 1
        return marks

    def _of_folded(self, node: Any, first: int, last: int) -> list[Mark]:
        """Lines that YAML joins: each is looked for in the value, in order."""
        start = node.start_mark
        marks, offset = [Mark(0, start.line + 1, start.column + 1)], 0
        for number in range(first, min(last + 1, len(self._lines))):
            line = self._lines[number]
            skipped = start.column + bool(node.style) if number == start.line else 0
            content = line[skipped:].strip().rstrip("'\"")
            found = node.value.find(content, offset) if content else -1
            if found >= 0:
                marks.append(Mark(found, number + 1, line.index(content, skipped) + 1))
                offset = found + len(content)
        return marks
