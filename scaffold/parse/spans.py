"""Where in a text each value stands, to the character, so that it can be changed and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from scaffold.parse.errors import DEEPEST, YamlError, in_words
from scaffold.parse.nodes import Loader, check_depth


@dataclass(frozen=True)
class Scalar:
    """A text from `start` to `end`, its anchor and tag included; `style` is one of `'`, `"`, `|`, `>` or empty."""

    start: int
    end: int
    value: str
    style: str = ""
    tag: str = ""
    anchor: str = ""
    inline: bool = False


@dataclass(frozen=True)
class Alias:
    """A `*anchor` and what it stands for, which is written elsewhere."""

    start: int
    end: int
    anchor: str
    target: Node


@dataclass(frozen=True)
class Sequence:
    """A list; in a block `start` is its first dash, and `end` the end of its last item."""

    start: int
    end: int
    items: tuple[Node, ...]
    anchor: str = ""
    inline: bool = False


@dataclass(frozen=True)
class Mapping:
    """A mapping; `end` in a block is the end of its last value. `inline` is within braces or brackets."""

    start: int
    end: int
    pairs: tuple[tuple[Node, Node], ...]
    anchor: str = ""
    inline: bool = False

    def pair(self, key: str | int) -> tuple[Node, Node] | None:
        """The key and value of a key; of a key given twice the last, as in Go."""
        return next(((k, v) for k, v in reversed(self.pairs) if isinstance(k, Scalar) and k.value == str(key)), None)

    def merged(self) -> Iterator[Mapping]:
        """The mappings that `<<` brings in, the winning one first."""
        merge = self.pair("<<")
        for item in _resolved(merge[1]) if merge else ():
            if isinstance(item, Mapping):
                yield item


Node = Scalar | Alias | Sequence | Mapping


def _resolved(node: Node) -> tuple[Node, ...]:
    """What a `<<` names: one mapping or several, each perhaps by an alias."""
    node = node.target if isinstance(node, Alias) else node
    items = node.items if isinstance(node, Sequence) else (node,)
    return tuple(item.target if isinstance(item, Alias) else item for item in items)


def spans(text: str) -> list[Node]:
    """Every document of a text, which begins with no byte order mark; an empty document is an empty scalar.

    Offsets count characters. Raises YamlError.
    """
    try:
        check_depth(text)
        return list(_Builder(yaml.parse(text, Loader=Loader)).documents())
    except yaml.MarkedYAMLError as error:
        raise in_words(error, text) from error
    except yaml.YAMLError as error:
        raise YamlError(" ".join(str(error).split()), 1, 1) from error


class _Builder:
    """Events to nodes."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._anchors: dict[str, Node] = {}

    def documents(self) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors.clear()
                yield self._node(next(self._events), 0, inline=False)

    def _node(self, event: Any, depth: int, *, inline: bool) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        if depth > DEEPEST:
            raise YamlError(f"nested deeper than {DEEPEST} levels", event.start_mark.line + 1, 1)
        anchor = event.anchor or ""
        if isinstance(event, yaml.AliasEvent):
            if anchor not in self._anchors:
                mark: Any = event.start_mark
                raise YamlError(f"alias '*{anchor}' has no anchor before it", mark.line + 1, mark.column + 1)
            return Alias(start, end, anchor, self._anchors[anchor])
        if isinstance(event, yaml.ScalarEvent):
            node: Node = Scalar(start, end, event.value, event.style or "", event.tag or "", anchor, inline)
        else:
            node = self._collection(event, anchor, depth, inline=inline or bool(event.flow_style))
        if anchor:
            self._anchors[anchor] = node
        return node

    def _collection(self, event: Any, anchor: str, depth: int, *, inline: bool) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        below: list[Node] = []
        for inner in self._events:
            if isinstance(inner, yaml.CollectionEndEvent):
                mark: Any = inner.end_mark
                end = mark.index if event.flow_style else below[-1].end
                break
            below.append(self._node(inner, depth + 1, inline=inline))
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(start, end, tuple(below), anchor, inline)
        return Mapping(start, end, tuple(zip(below[::2], below[1::2], strict=True)), anchor, inline)
