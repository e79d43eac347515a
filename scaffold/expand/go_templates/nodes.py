"""What a template is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a string, a boolean or nil; `kind` is the token's kind, `number`, `string`, `bool` or `nil`."""

    kind: str
    value: Any
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """`.`."""


@dataclass(frozen=True, slots=True)
class Field:
    """`.a.b`, or with a base `$x.a` and `(pipeline).a`."""

    base: Node | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    name: str


@dataclass(frozen=True, slots=True)
class Function:
    name: str


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands, each a list of operands, and the variables that the result goes to."""

    commands: tuple[tuple[Node, ...], ...]
    variables: tuple[str, ...] = ()
    assigns: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Action:
    pipeline: Pipeline


@dataclass(frozen=True, slots=True)
class Branch:
    """`if`, `with` or `range`."""

    keyword: str
    pipeline: Pipeline
    body: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Jump:
    """`break` or `continue`."""

    keyword: str


Node = Literal | Dot | Field | Variable | Function | Pipeline
Statement = Text | Action | Branch | Jump
