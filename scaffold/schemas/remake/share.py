"""Schemas that share what they have in common, under names made from content, so that a change shows only itself."""

from __future__ import annotations

import collections
import hashlib
import json
from typing import Any

_SHORT = 90  # characters; what is shorter stands where it is used


def compact(value: Any) -> str:
    """Write a value the one way in which equal values have equal texts."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


class Shelf:
    """Definitions by name."""

    def __init__(self) -> None:
        self.held: dict[str, Any] = {}

    def digest(self, value: Any) -> str:
        """Name a value by its content."""
        return hashlib.blake2b(compact(value).encode(), digest_size=5).hexdigest()

    def name(self, name: str, value: Any) -> None:
        """Shelve a value under a name of its own."""
        if self.held.setdefault(name, value) != value:
            raise SystemExit(f"two definitions are named {name}; make the digest longer")

    def put(self, value: Any) -> str:
        """Shelve a value under its digest."""
        name = self.digest(value)
        self.name(name, value)
        return name

    def reference(self, value: Any) -> dict[str, Any]:
        """Refer to a value, or give it back where that is shorter."""
        return value if len(compact(value)) < _SHORT else {"$ref": f"#/$defs/{self.put(value)}"}


def fold(trees: list[Any], shelf: Shelf) -> list[str]:
    """Shelve trees with every subtree that occurs twice shelved once."""
    counts: collections.Counter[str] = collections.Counter()
    for tree in trees:
        _count(tree, counts)
    return [shelf.put(_folded(tree, counts, shelf)) for tree in trees]


def _count(tree: Any, counts: collections.Counter[str]) -> None:
    if isinstance(tree, dict) and _is_schema(tree):
        text = compact(tree)
        counts[text] += 1
        if counts[text] > 1:
            return
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        _count(child, counts)


def _folded(tree: Any, counts: collections.Counter[str], shelf: Shelf) -> Any:
    if isinstance(tree, list):
        return [_folded(child, counts, shelf) for child in tree]
    if not isinstance(tree, dict):
        return tree
    return {key: _within(key, child, counts, shelf) for key, child in tree.items()}


def _within(key: str, child: Any, counts: collections.Counter[str], shelf: Shelf) -> Any:
    if key == "properties":
        return {name: _single(value, counts, shelf) for name, value in child.items()}
    if key in {"items", "additionalProperties"} and isinstance(child, dict):
        return _single(child, counts, shelf)
    return child


def _single(schema: Any, counts: collections.Counter[str], shelf: Shelf) -> Any:
    text = compact(schema)
    folded = _folded(schema, counts, shelf)
    return shelf.reference(folded) if counts[text] > 1 and len(text) >= _SHORT else folded


def _is_schema(tree: dict[str, Any]) -> bool:
    return isinstance(tree.get("type"), str | list)
