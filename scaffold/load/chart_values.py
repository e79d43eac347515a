"""What files of values say that a template may not pass on as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scaffold.model import Pointer, mapping

_DEEP = 8


def telling(documents: list[Any]) -> Iterator[tuple[Pointer, bool | int]]:
    """The booleans and whole numbers of a file that is one mapping, each with its path."""
    yield from values(documents[0]) if len(documents) == 1 else ()


def values(value: Any, above: Pointer = (), levels: int = _DEEP) -> Iterator[tuple[Pointer, bool | int]]:
    """The booleans and whole numbers of a mapping and of those in it."""
    for key, item in mapping(value).items():
        path = (*above, str(key))
        if isinstance(item, int):
            yield path, item
        elif levels > 1:
            yield from values(item, path, levels - 1)
