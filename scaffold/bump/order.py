"""Which of two builds is the older one, by their tags."""

from __future__ import annotations

import re

_VERSION = re.compile(r"v?(?P<numbers>\d+(?:\.\d+)*)(?:-(?P<pre>[0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?\Z")
_COMMIT = re.compile(r"[0-9a-f]{7,40}\Z")

Key = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]


def is_older(tag: str, than: str) -> bool:
    """Tell whether a tag is an older version than another; False where either is no version."""
    one, other = _key(tag), _key(than)
    return one is not None and other is not None and one < other


def is_version(tag: str) -> bool:
    """Tell whether the order of a tag can be told from it."""
    return _key(tag) is not None


def _key(tag: str) -> Key | None:
    """The order of Semantic Versioning, with as many numbers as there are; an abbreviated commit is no version."""
    found = _VERSION.match(tag)
    if not found or (_COMMIT.match(tag) and "." not in tag):
        return None
    numbers = [int(part) for part in found["numbers"].split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    pre = found["pre"]
    return tuple(numbers), pre is None, tuple(_part(part) for part in pre.split(".")) if pre else ()


def _part(text: str) -> tuple[bool, int, str]:
    """Numbers come before words."""
    return (False, int(text), "") if text.isdigit() else (True, 0, text)
