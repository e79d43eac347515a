"""What Terraform's language is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple


class _Unread:
    """What is there, and nobody knows what it is."""

    def __repr__(self) -> str:
        return "UNREAD"


UNREAD: Final = _Unread()


class Name(NamedTuple):
    """A value by its name, as `var.region` and `local.clusters["eu"]`."""

    parts: tuple[str | int, ...]


class Template(NamedTuple):
    """A text with expressions in it; of a heredoc that is indented, the indent is gone."""

    parts: tuple[Any, ...]


class Call(NamedTuple):
    """A function with what it is given."""

    name: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Attribute:
    """What a key of a block or of an object has, and where it stands; `column` is that of the value."""

    value: Any
    line: int
    column: int


@dataclass(frozen=True)
class Block:
    """A block, by its type and the labels behind it."""

    type: str
    labels: tuple[str, ...] = ()
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    line: int = 0

    def of(self, *types: str) -> Iterator[Block]:
        """The blocks of some types that stand in it."""
        return (block for block in self.blocks if block.type in types)
