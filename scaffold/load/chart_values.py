"""What files of values say that a template may not pass on as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scaffold.model import Pointer, mapping

_DEEP = 8


def telling(documents: list[Any]) -> Iterator[tuple[Pointer, bool | int]]:
    """The booleans and whole numbers of a file that is one mapping, each with its path."""
    yield from _below(documents[0], (), _DEEP) if len(documents) == 1 else ()


def _below(value: Any, above: Pointer, levels: int) -> Iterator[tuple[Pointer, bool | int]]:
    for key, item in mapping(value).items():
        path = (*above, str(key))
        if isinstance(item, int):
            yield path, item
        elif levels > 1:
            yield from _below(item, path, levels - 1)
