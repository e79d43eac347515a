"""The generators of an ApplicationSet with those that others combine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Pointer, dig, mapping, sequence

COMBINING = ("matrix", "merge")


def generators(listed: Any, where: Pointer = ()) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    """Every entry of a list of generators, at any depth, with its pointer; `where` is that of the list."""
    for index, item in enumerate(map(mapping, sequence(listed))):
        yield (*where, index), item
        for kind in COMBINING:
            yield from generators(dig(item, kind, "generators"), (*where, index, kind, "generators"))
