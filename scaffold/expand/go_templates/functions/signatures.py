"""How a function is called: Go checks every argument's type before the call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LARGEST = 1_000_000  # characters or items one call may make; a template that wants more is not resolved


@dataclass(frozen=True, slots=True)
class Function:
    """A function and the letters of its parameters.

    `s` string, `i` int, `f` float64, `b` bool, `m` map[string]any, `a` any. With `rest` the last one may repeat.
    """

    parameters: str
    call: Callable[..., Any]
    rest: bool = False
    takes_unordered: bool = False

    def letter(self, index: int) -> str:
        return self.parameters[min(index, len(self.parameters) - 1)]


Table = dict[str, Function]

TYPES = {"s": "string", "i": "int", "f": "float64", "b": "bool", "m": "map[string]interface {}", "a": "interface {}"}
