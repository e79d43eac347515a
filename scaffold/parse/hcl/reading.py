"""Syntax trees to blocks and expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scaffold.parse.grammars import Tree
from scaffold.parse.hcl import texts
from scaffold.parse.hcl.values import UNREAD, Attribute, Block, Call, Name

_DEEPEST = 60  # of blocks and expressions in each other
_FAR = 1000


def is_readable(text: str) -> bool:
    """Tell whether a file has no flaw that its grammar knows of."""
    return not Tree("hcl", text).root.has_error


def read(text: str) -> Block:
    """A file as a block without a type; empty where it cannot be read as a whole."""
    tree = Tree("hcl", text)
    if tree.root.has_error:
        return Block("")
    body = next((child for child in tree.root.named_children if child.type == "body"), None)
    return _Reading(text.encode("utf-8", "surrogatepass")).body(Block(""), body, 0)


class _Reading:
    """One text; offsets are those of its bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._readers: Mapping[str, Callable[[Any, list[Any], int], Any]] = {
            "expression": self._expression,
            "variable_expr": self._name,
            "string_lit": self._string,
            "quoted_template": self._string,
            "heredoc_template": self._heredoc,
            "numeric_lit": self._number,
            "bool_lit": self._boolean,
            "tuple": self._list,
            "object": self._object,
            "function_call": self._call,
        }

    def body(self, block: Block, node: Any, depth: int) -> Block:
        """A block with what stands between its braces."""
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        for child in node.named_children if node is not None else ():
            if child.type == "attribute":
                name, value = child.named_children[0], child.named_children[-1]
                attributes[self._text(name)] = self._attribute(value, depth)
            elif child.type == "block" and depth < _DEEPEST:
                blocks.append(self._block(child, depth + 1))
        return Block(block.type, block.labels, attributes, tuple(blocks), block.line)

    def _block(self, node: Any, depth: int) -> Block:
        head = [child for child in node.named_children if child.type in ("identifier", "string_lit")]
        names = tuple(self._text(child).strip('"') for child in head)
        body = next((child for child in node.named_children if child.type == "body"), None)
        return self.body(Block(names[0], names[1:], line=node.start_point[0] + 1), body, depth)

    def _attribute(self, node: Any, depth: int) -> Attribute:
        line, column = node.start_point
        if column < _FAR:  # a line of that many signs nobody reads
            column = len(self._data[node.start_byte - column : node.start_byte].decode("utf-8", "replace"))
        return Attribute(self._value(node, depth + 1), line + 1, column + 1)

    def _value(self, node: Any, depth: int) -> Any:
        children = [child for child in node.named_children if child.type != "comment"]
        if depth > _DEEPEST:
            return UNREAD
        if reader := self._readers.get(node.type):
            return reader(node, children, depth)
        if node.type == "null_lit":
            return None
        return self._value(children[0], depth + 1) if node.type in _WRAPPING and len(children) == 1 else UNREAD

    def _expression(self, node: Any, children: list[Any], depth: int) -> Any:
        """A value in itself, or a name with what is taken of it."""
        if len(children) == 1:
            return self._value(children[0], depth + 1)
        if children and children[0].type == "variable_expr":
            steps = [self._step(child, depth) for child in children[1:]]
            known = tuple(step for step in steps if step is not None)
            return Name((self._text(children[0]), *known)) if len(known) == len(steps) else UNREAD
        return UNREAD

    def _step(self, node: Any, depth: int) -> str | int | None:
        if node.type == "get_attr":
            return self._text(node.named_children[0])
        inner = node.named_children[0] if node.type == "index" and node.named_children else None
        keys = inner.named_children if inner is not None and inner.type == "new_index" else []
        key = self._value(keys[0], depth + 1) if len(keys) == 1 else None
        return key if isinstance(key, str | int) else None

    def _name(self, node: Any, children: list[Any], depth: int) -> Any:
        return Name((self._text(node),))

    def _string(self, node: Any, children: list[Any], depth: int) -> Any:
        """A text in quotes, whose blanks are no part of any node."""
        inner = [child for child in children if not child.type.startswith("quoted_template_")]
        first, last = node.children[0], node.children[-1]
        return texts.joined(list(self._parts(inner, first.end_byte, last.start_byte, depth, escaped=True)))

    def _heredoc(self, node: Any, children: list[Any], depth: int) -> Any:
        head = next(child for child in children if child.type == "heredoc_identifier")
        start = self._data.find(b"\n", head.end_byte) + 1
        stop = self._data.rfind(b"\n", 0, children[-1].start_byte) + 1
        inner = [child for child in children if child.start_byte >= start and child.type != "heredoc_identifier"]
        parts = list(self._parts(inner, start, max(start, stop), depth, escaped=False))
        is_indented = self._data[node.start_byte : head.start_byte].startswith(b"<<-")
        return texts.joined(texts.dedented(parts) if is_indented else parts)

    def _parts(self, nodes: list[Any], start: int, stop: int, depth: int, *, escaped: bool) -> Iterator[Any]:
        for node in (node for node in nodes if node.type != "template_literal"):
            yield texts.literal(self._data[start : node.start_byte], escaped=escaped)
            plain = node.type == "template_interpolation" and b"~" not in (self._ends(node))
            yield self._inserted(node, depth) if plain else UNREAD
            start = node.end_byte
        yield texts.literal(self._data[start:stop], escaped=escaped)

    def _ends(self, node: Any) -> bytes:
        return self._data[node.start_byte : node.start_byte + 3] + self._data[node.end_byte - 2 : node.end_byte]

    def _inserted(self, node: Any, depth: int) -> Any:
        inner = [child for child in node.named_children if child.type == "expression"]
        return self._value(inner[0], depth + 1) if len(inner) == 1 else UNREAD

    def _number(self, node: Any, children: list[Any], depth: int) -> Any:
        text = self._text(node)
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else UNREAD

    def _boolean(self, node: Any, children: list[Any], depth: int) -> Any:
        return self._text(node) == "true"

    def _list(self, node: Any, children: list[Any], depth: int) -> Any:
        return [self._value(child, depth + 1) for child in children if child.type == "expression"]

    def _object(self, node: Any, children: list[Any], depth: int) -> Any:
        """What its keys have; a key that is no word makes all of it unread, since it may be any."""
        found: dict[str, Attribute] = {}
        for child in (child for child in children if child.type == "object_elem"):
            key, value = (each for each in child.named_children if each.type == "expression")
            name = self._value(key, depth + 1)
            if isinstance(name, Name) and len(name.parts) == 1 and not self._text(key).startswith("("):
                name = name.parts[0]
            if not isinstance(name, str):
                return UNREAD
            found[name] = self._attribute(value, depth + 1)
        return found

    def _call(self, node: Any, children: list[Any], depth: int) -> Any:
        given: list[Any] = next((child.named_children for child in children if child.type == "function_arguments"), [])
        return Call(self._text(children[0]), tuple(self._value(each, depth + 1) for each in given))

    def _text(self, node: Any) -> str:
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")


_WRAPPING = frozenset(("literal_value", "template_expr", "collection_value"))
