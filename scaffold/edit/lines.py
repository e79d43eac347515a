"""Lines between two markers."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from scaffold.errors import ScaffoldError


def insert_sorted(text: str, begin: str, end: str, lines: Iterable[str]) -> str:
    """Add lines to the sorted block between two marker lines; what is there already is not written again.

    Raises ScaffoldError where the block is not there.
    """
    before, block, after, newline = _split(text, begin, end)
    for line in lines:
        if line not in block:
            block.insert(sum(known < line for known in block), line)
    return newline.join([*before, *block, *after])


def remove_lines(text: str, begin: str, end: str, lines: Collection[str]) -> str:
    """Take lines out of the block between two marker lines; raises ScaffoldError where the block is not there."""
    before, block, after, newline = _split(text, begin, end)
    return newline.join([*before, *(line for line in block if line not in lines), *after])


def _split(text: str, begin: str, end: str) -> tuple[list[str], list[str], list[str], str]:
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(newline)
    if lines.count(begin) != 1 or lines.count(end) != 1 or lines.index(begin) > lines.index(end):
        raise ScaffoldError(f"the block from {begin!r} to {end!r} is not there once; restore both lines")
    first, last = lines.index(begin) + 1, lines.index(end)
    return lines[:first], lines[first:last], lines[last:], newline
