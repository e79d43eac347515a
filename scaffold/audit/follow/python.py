"""Python text to the commands that it starts: lists of words that begin with a known program, and shell text."""

from __future__ import annotations

import ast
import functools
import itertools
import shlex
import warnings
from collections.abc import Iterator
from typing import TypeGuard

from scaffold.audit.follow.words import Words
from scaffold.audit.programs import KNOWN
from scaffold.model import Mark, Spot

_SHELLS = frozenset(("system", "popen", "run", "call", "check_call", "check_output", "Popen", "getoutput"))


def scripts(text: Spot) -> Iterator[Spot]:
    """Every command as a line of shell, at its place; what is only known when it runs is the variable `$_`.

    There is none in what is no Python of this interpreter's version.
    """
    tree = _parsed(text)
    for node, lines in _lines(tree) if tree else ():
        starts = itertools.accumulate((len(line) + 1 for line in lines[:-1]), initial=0)
        marks = tuple(Mark(start, node.lineno, node.col_offset + 1) for start in starts)
        yield Spot.of("\n".join(lines), text.path, marks)


def is_one(text: str) -> bool:
    """Tell whether a text is Python of this interpreter's version."""
    return _parsed(text) is not None


@functools.lru_cache(maxsize=64)
def _parsed(text: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _lines(tree: ast.Module) -> Iterator[tuple[ast.expr, list[str]]]:
    """Where a command stands, and each that it may be."""
    words, parts = Words(tree), set[ast.AST]()
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp):
            parts |= {node.left} if node in parts or _begins(node) else set()
        if node not in parts and _begins(node):
            yield node, list(dict.fromkeys(map(_line, words.of(node))))
        elif isinstance(node, ast.Call) and node.args and _called(node.func) in _SHELLS and _text(node.args[0]):
            yield node.args[0], [_text(node.args[0])]


def _begins(node: ast.AST) -> TypeGuard[ast.expr]:
    """Tell whether a list, or one that others are added to, begins with a known program."""
    while isinstance(node, ast.BinOp):
        node = node.left
    return isinstance(node, (ast.List, ast.Tuple)) and _word(node.elts[:1]) in KNOWN


def _line(words: list[ast.expr]) -> str:
    return " ".join(_quoted(item) for item in words)


def _word(first: list[ast.expr]) -> str:
    return first[0].value if first and isinstance(first[0], ast.Constant) and isinstance(first[0].value, str) else ""


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _quoted(item: ast.expr) -> str:
    text = _text(item)
    return shlex.quote(text) if text and "$_" not in text else text or '"$_"'


def _text(item: ast.expr) -> str:
    if isinstance(item, ast.Constant):
        return item.value if isinstance(item.value, str) else ""
    if isinstance(item, ast.JoinedStr):
        return "".join(_text(part) or "$_" for part in item.values)
    return ""
