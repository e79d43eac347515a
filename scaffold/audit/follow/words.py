"""The words of commands that Python text joins from several lists."""

from __future__ import annotations

import ast
import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

_MOST = 8  # commands that one place may mean

_Lists = Mapping[tuple[int, str], list[ast.expr]]


class Words:
    """What lists of words may be in a text, where names in them stand for lists that the same function assigns."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree

    def of(self, node: ast.AST) -> list[list[ast.expr]]:
        """Each list of words that an expression may mean; none where it is no list."""
        if not isinstance(node, (ast.List, ast.Tuple, ast.BinOp)):
            return []
        return list(itertools.islice(self._joined(node, self._function(node.lineno), frozenset()), _MOST))

    def _joined(self, node: ast.expr, function: int, seen: frozenset[str]) -> Iterator[list[ast.expr]]:
        if isinstance(node, (ast.List, ast.Tuple)):
            yield from self._each(node.elts, function, seen)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            parts = [ast.Starred(part) for part in (node.left, node.right)]
            yield from self._each(parts, function, seen)
        elif isinstance(node, ast.Name) and node.id not in seen and (found := self._assigned(node.id, function)):
            for value in found:
                yield from self._joined(value, function, seen | {node.id})
        else:
            yield [node]

    def _each(self, items: Sequence[ast.expr], function: int, seen: frozenset[str]) -> Iterator[list[ast.expr]]:
        """Items one after the other; those with a star are lists themselves."""
        if not items:
            yield []
            return
        first, *rest = items
        joined = self._joined(first.value, function, seen) if isinstance(first, ast.Starred) else iter([[first]])
        for words in joined:
            yield from (words + more for more in self._each(rest, function, seen))

    def _assigned(self, name: str, function: int) -> list[ast.expr]:
        return self._lists.get((function, name)) or self._lists.get((0, name), [])

    @cached_property
    def _lists(self) -> _Lists:
        """Lists by the first line of their function, 0 outside of one, and the name that they are assigned to."""
        found: dict[tuple[int, str], list[ast.expr]] = defaultdict(list)
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, (ast.List, ast.Tuple, ast.BinOp)):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        found[self._function(node.lineno), target.id].append(node.value)
        return found

    @cached_property
    def _functions(self) -> list[tuple[int, int]]:
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        found = (node for node in ast.walk(self._tree) if isinstance(node, kinds))
        return [(node.lineno, node.end_lineno or node.lineno) for node in found]

    def _function(self, line: int) -> int:
        return max((start for start, end in self._functions if start <= line <= end), default=0)
