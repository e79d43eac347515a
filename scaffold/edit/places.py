"""Places in a text: what is replaced there, and where blocks begin and end."""

from __future__ import annotations

from typing import NamedTuple


class Splice(NamedTuple):
    """The characters from `start` to `end` become another text."""

    start: int
    end: int
    text: str


class RefusedError(Exception):
    """A change that would touch more than what it is about; the message says why."""


def tight(text: str, end: int) -> int:
    """The end of what is written before an offset: a block's end counts the empty lines after it."""
    while end and text[end - 1] in " \r\n":
        end -= 1
    return end


def column(text: str, offset: int) -> int:
    return offset - (text.rfind("\n", 0, offset) + 1)
