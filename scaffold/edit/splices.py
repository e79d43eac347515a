"""Changes to splices."""

from __future__ import annotations

import re

from scaffold import parse
from scaffold.edit import blocks, manners, places, removal, scalars
from scaffold.edit.changes import Add, Change, Rename, Set
from scaffold.edit.manners import Manner
from scaffold.edit.places import RefusedError, Splice
from scaffold.model import Pointer

_LINE = re.compile(r"[^\r\n]*")


def splice(text: str, documents: list[parse.Node], change: Change) -> Splice:
    """Raise RefusedError where the place is not there or not written out, and LookupError for a wrong document."""
    if isinstance(change, Add):
        return _added(text, documents, change)
    key, node = _at(documents[change.document], change.pointer)
    if isinstance(change, Set):
        return _set(text, node, change)
    if isinstance(change, Rename):
        if not isinstance(key, parse.Scalar):
            raise RefusedError(f"{_name(change.pointer)} is no key")
        return Splice(key.start, key.end, scalars.written(change.key, key.style))
    parent = _at(documents[change.document], change.pointer[:-1])[1]
    return removal.removed(text, parent, key or node, node)


def _at(node: parse.Node, pointer: Pointer) -> tuple[parse.Node | None, parse.Node]:
    """The key and the node that a pointer leads to, through aliases and merges."""
    key: parse.Node | None = None
    for depth, part in enumerate(pointer):
        found = _child(node.target if isinstance(node, parse.Alias) else node, part)
        if found is None:
            raise RefusedError(f"{_name(pointer[: depth + 1])} is not written there")
        key, node = found
    return key, node


def _child(node: parse.Node, part: str | int) -> tuple[parse.Node | None, parse.Node] | None:
    if isinstance(node, parse.Mapping):
        return node.pair(part) or next((found for item in node.merged() if (found := _child(item, part))), None)
    if isinstance(node, parse.Sequence) and isinstance(part, int) and part < len(node.items):
        return None, node.items[part]
    return None


def _name(pointer: Pointer) -> str:
    return ".".join(map(str, pointer)) or "the document"


def _set(text: str, node: parse.Node, change: Set) -> Splice:
    if isinstance(node, (parse.Mapping, parse.Sequence)):
        raise RefusedError(f"{_name(change.pointer)} is no scalar")
    if isinstance(node, parse.Alias):
        return Splice(node.start, node.end, scalars.written(change.value))
    written = scalars.replaced(text, node, change.value)
    if written is None:
        raise RefusedError(f"{_name(change.pointer)} has the tag {node.tag!r}")
    return Splice(node.start, node.end, written)


def _added(text: str, documents: list[parse.Node], change: Add) -> Splice:
    _, node = _at(documents[change.document], change.pointer[:-1])
    node = node.target if isinstance(node, parse.Alias) else node
    last, manner = change.pointer[-1], manners.shown(text, documents[change.document])
    if _is_empty(node) and len(change.pointer) > 1:
        key, _ = _at(documents[change.document], change.pointer[:-1])
        if isinstance(key, parse.Scalar) and not key.inline:
            return _opened(text, key, node, change, manner)
    if isinstance(node, parse.Sequence):
        if not node.items or node.inline:
            return _into_brackets(node, node.items[-1] if node.items else None, blocks.inline(change.value))
        column = places.column(text, node.start)
        return _line(text, node, column, blocks.item(change.value, column, manner), manner)
    if isinstance(node, parse.Mapping):
        if not node.pairs or node.inline:
            pair = f"{scalars.written(str(last))}: {blocks.inline(change.value)}"
            return _into_brackets(node, node.pairs[-1][1] if node.pairs else None, pair)
        column = places.column(text, node.pairs[0][0].start)
        return _line(text, node, column, blocks.pair(str(last), change.value, column, manner), manner)
    raise RefusedError(f"{_name(change.pointer[:-1])} is neither a mapping nor a list")


def _is_empty(node: parse.Node) -> bool:
    """Tell whether a node is `{}` or `[]`."""
    if isinstance(node, parse.Mapping):
        return not node.pairs and not node.anchor
    return isinstance(node, parse.Sequence) and not node.items and not node.anchor


def _opened(text: str, key: parse.Scalar, node: parse.Node, change: Add, manner: Manner) -> Splice:
    """Empty brackets after a key become a block below it."""
    start = len(text[: node.start].rstrip(" "))
    step = manner.sequence if isinstance(node, parse.Sequence) else manner.mapping
    column = places.column(text, key.start) + step
    last = change.pointer[-1]
    if isinstance(node, parse.Sequence):
        written = blocks.item(change.value, column, manner)
    else:
        written = blocks.pair(str(last), change.value, column, manner)
    return Splice(start, node.end, f"{manner.newline}{' ' * column}{written}")


def _into_brackets(node: parse.Node, last: parse.Node | None, written: str) -> Splice:
    place = last.end if last else node.end - 1
    return Splice(place, place, f", {written}" if last else written)


def _line(text: str, node: parse.Node, column: int, written: str, manner: Manner) -> Splice:
    """New lines after the line that a block ends in; a text without a last line break stays without one."""
    end = places.tight(text, node.end)
    rest = _LINE.match(text, end)
    place = rest.end() if rest else end
    return Splice(place, place, f"{manner.newline}{' ' * column}{written}")
