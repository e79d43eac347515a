"""What most of a repository does alike is a habit, which is told once instead of everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

_FEW = 3
_Item = TypeVar("_Item")


def told(items: Sequence[_Item], among: int) -> Iterator[tuple[_Item, str]]:
    """The items to speak of, and what to say of the rest; `among` is how many there are in all, with and without."""
    if len(items) <= _FEW or 2 * len(items) <= among:
        yield from ((item, "") for item in items)
        return
    yield items[0], f", as {len(items) - 1} more do"
