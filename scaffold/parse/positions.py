"""Where in a text a field stands."""

from __future__ import annotations

import functools
from typing import Any

import yaml

from scaffold.model import Pointer
from scaffold.parse.errors import YamlError
from scaffold.parse.nodes import nodes


def locate(text: str, document: int, pointer: Pointer, *, at_key: bool = False) -> tuple[int, int]:
    """The line and column of a pointer, or of its nearest parent where it ends early; an empty one is the document.

    A number behind a text that stands as a literal block (`|`) is one of its lines, from 0.
    """
    try:
        found = _composed(text)
    except YamlError as error:
        return error.line, error.column
    if document >= len(found) or found[document] is None:
        return 1, 1
    node = found[document]
    mark = node.start_mark
    for depth, part in enumerate(pointer):
        if isinstance(node, yaml.ScalarNode) and node.style == "|" and isinstance(part, int):
            return _line(text, mark.line + 1 + part)
        child = _child(node, part)
        if child is None:
            break
        key, node = child
        last = depth == len(pointer) - 1
        mark = key.start_mark if key is not None and (at_key or not last or _below(key, node)) else node.start_mark
    return mark.line + 1, mark.column + 1


def _line(text: str, number: int) -> tuple[int, int]:
    lines = text.split("\n")
    written = lines[number] if number < len(lines) else ""
    return number + 1, len(written) - len(written.lstrip()) + 1


def _below(key: Any, node: Any) -> bool:
    """Tell whether a value begins on a later line than its key, where the key is the better place to point at."""
    return not isinstance(node, yaml.ScalarNode) and node.start_mark.line != key.start_mark.line


def _child(node: Any, part: str | int) -> tuple[Any, Any] | None:
    if isinstance(node, yaml.SequenceNode):
        if isinstance(part, int) and 0 <= part < len(node.value):
            return None, node.value[part]
        return None
    if isinstance(node, yaml.MappingNode):
        pairs: list[tuple[Any, Any]] = [(k, v) for k, v in node.value if k.value == part]
        return pairs[-1] if pairs else None
    return None


@functools.lru_cache(maxsize=32)
def _composed(text: str) -> list[Any]:
    return list(nodes(text))
