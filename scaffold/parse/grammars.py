"""Text to syntax trees; the only module that imports tree-sitter.

A tree-sitter parser never refuses: what it cannot read becomes an ERROR node, and the rest is there.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterator
from typing import Any

LANGUAGES = ("bash", "groovy", "hcl", "make")


class Tree:
    """The syntax tree of a text; offsets are those of the text's characters, not of its bytes."""

    def __init__(self, language: str, text: str) -> None:
        self._data = text.encode("utf-8", "surrogatepass")
        self._plain = len(self._data) == len(text)
        self._original = text
        self.root: Any = _parser(language).parse(self._data).root_node

    def start(self, node: Any) -> int:
        return self._offset(node.start_byte)

    def stop(self, node: Any) -> int:
        return self._offset(node.end_byte)

    def _offset(self, byte: int) -> int:
        return byte if self._plain else len(self._data[:byte].decode("utf-8", "replace"))

    def walk(self, *types: str) -> Iterator[Any]:
        """Every node of these types, in the order of the text, those inside of others included."""
        pending = [self.root]
        while pending:
            node = pending.pop()
            if node.type in types:
                yield node
            pending.extend(reversed(node.children))


@functools.cache
def _parser(language: str) -> Any:
    import tree_sitter

    grammar = importlib.import_module(f"tree_sitter_{language}")
    return tree_sitter.Parser(tree_sitter.Language(grammar.language()))
