"""A new value as block or flow YAML, indented as its surroundings are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from scaffold.edit import scalars
from scaffold.edit.manners import Manner


def pair(key: str, value: Any, column: int, manner: Manner) -> str:
    """A key with its value from a column on, without indent before the first line and without a last line break."""
    return manner.newline.join(_pair(key, value, column, manner))


def item(value: Any, column: int, manner: Manner) -> str:
    """An item of a list whose dashes stand in a column."""
    lines = list(_lines(value, column + 2, manner))
    return manner.newline.join(["- " + lines[0], *lines[1:]])


def inline(value: Any) -> str:
    """The value in one line, as JSON, which is YAML too."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else scalars.written(value)


def _pair(key: str, value: Any, column: int, manner: Manner) -> list[str]:
    name = scalars.written(key)
    if not isinstance(value, (dict, list)) or not value:
        return [f"{name}: {_scalar(value, manner)}"]
    deeper = column + (manner.sequence if isinstance(value, list) else manner.mapping)
    lines = list(_lines(value, deeper, manner))
    return [f"{name}:", " " * deeper + lines[0], *lines[1:]]


def _lines(value: Any, column: int, manner: Manner) -> Iterator[str]:
    """The lines of a value whose first begins in a column; the others bring their indent."""
    if isinstance(value, dict) and value:
        below = [_pair(key, inner, column, manner) for key, inner in value.items()]
    elif isinstance(value, list) and value:
        below = [item(inner, column, manner).split(manner.newline) for inner in value]
    else:
        below = [[_scalar(value, manner)]]
    for number, lines in enumerate(below):
        yield (" " * column if number else "") + lines[0]
        yield from lines[1:]


def _scalar(value: Any, manner: Manner) -> str:
    return json.dumps(value) if isinstance(value, (dict, list)) else scalars.written(value, manner.style)
