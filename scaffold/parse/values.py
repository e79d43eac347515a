"""Nodes to values, with duplicate keys noted and the size bounded."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

from scaffold.model import Duplicate
from scaffold.parse.errors import DEEPEST, at
from scaffold.parse.scalars import TAG, scalar

_LARGEST = 1_000_000  # values a file may expand to; more is an alias bomb, not a manifest


def key_text(key: Any) -> str:
    """A key as text, which sigs.k8s.io/yaml (Kubernetes 1.37) makes of numbers and booleans."""
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key).removesuffix(".0") if isinstance(key, float) else str(key)


class Reader:
    """Turns nodes into values; one object, so that aliases are shared and the size is bounded over the whole text."""

    def __init__(self) -> None:
        self.duplicates: list[Duplicate] = []
        self._size = 0
        self._shared: dict[int, tuple[Any, int]] = {}
        self._open: set[int] = set()
        self._document = 0

    def value(self, node: Any, document: int) -> Any:
        self._document = document
        self._shared.clear()
        return self._value(node, 0)

    def _value(self, node: Any, depth: int) -> Any:
        if isinstance(node, yaml.ScalarNode):
            self._size += 1
            return scalar(node)
        known = self._shared.get(id(node))
        if known is not None:
            self._grow(known[1], node)
            return known[0]
        if depth > DEEPEST or id(node) in self._open:
            problem = "refers to itself" if id(node) in self._open else f"nested deeper than {DEEPEST} levels"
            raise at(node, problem)
        self._open.add(id(node))
        before = self._size
        if isinstance(node, yaml.SequenceNode):
            result: Any = [self._value(item, depth + 1) for item in node.value]
        else:
            result = self._mapping(node, depth)
        self._open.discard(id(node))
        self._grow(1, node)
        self._shared[id(node)] = (result, self._size - before)
        return result

    def _grow(self, size: int, node: Any) -> None:
        self._size += size
        if self._size > _LARGEST:
            problem = f"expands to more than {_LARGEST} values"
            raise at(node, problem)

    def _mapping(self, node: Any, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        merged: dict[Any, Any] = {}
        lines: dict[Any, int] = {}
        for key_node, value_node in node.value:
            if key_node.tag == TAG + "merge":
                merged = {**self._merge(value_node, depth), **merged}
                continue
            key = self._key(key_node, depth)
            mark = key_node.start_mark
            if key in lines:
                place = (mark.line + 1, mark.column + 1)
                self.duplicates.append(Duplicate(self._document, str(key), *place, lines[key]))
            lines[key] = mark.line + 1
            result[key] = self._value(value_node, depth + 1)
        return {**merged, **result} if merged else result

    def _key(self, node: Any, depth: int) -> str:
        key = self._value(node, depth + 1)
        if not isinstance(key, Hashable):
            problem = "a mapping or a list stands as a key, as in a template without quotes"
            raise at(node, problem)
        return key_text(key)

    def _merge(self, node: Any, depth: int) -> dict[Any, Any]:
        value = self._value(node, depth + 1)
        if isinstance(value, dict):
            return value
        result: dict[Any, Any] = {}
        for part in reversed(value if isinstance(value, list) else []):
            result.update(part if isinstance(part, dict) else {})
        return result
