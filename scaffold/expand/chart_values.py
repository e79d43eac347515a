"""Which values the templates of a chart take, as far as their text tells (Helm 4.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

Path = tuple[str, ...]
WITHIN = ""
"""Ends the path of what is only asked for, as by `if`, so that what is below it is not taken by that."""

_NAME = r"\.[A-Za-z_]\w*"
_TEST = re.compile(rf"\{{\{{-?\s*(?:else\s+)?if\s+\$?(?:\.\w+)*?\.Values(?P<path>(?:{_NAME})+)\s*-?\}}\}}")
_INDEX = re.compile(
    rf"\b(?:index|get|hasKey)\s+\$?(?:\.\w+)*?\.Values(?P<path>(?:{_NAME})*)(?P<keys>(?:\s+\"[^\"]*\")+)"
)
_TAKEN = re.compile(rf"\.Values\b(?P<path>(?:{_NAME})*)")
_QUOTED = re.compile(r'"([^"]*)"')


def taken(texts: Iterable[str]) -> frozenset[Path] | None:
    """The paths of the values that templates take, each with all that is below it; None where one takes them all."""
    found: set[Path] = set()
    for text in texts:
        for path in _of(text):
            if not path:
                return None
            found.add(path)
    return frozenset(found)


def _of(text: str) -> Iterator[Path]:
    for match in _TEST.finditer(text):
        yield (*_split(match["path"]), WITHIN)
    text = _TEST.sub("", text)
    for match in _INDEX.finditer(text):
        yield (*_split(match["path"]), *_QUOTED.findall(match["keys"]))
    yield from (_split(match["path"]) for match in _TAKEN.finditer(_INDEX.sub("", text)))


def _split(path: str) -> Path:
    return tuple(path.split(".")[1:])


def is_taken(path: Path, known: Iterable[Path]) -> bool:
    """Tell whether a value is one of those that are taken, stands below one, or holds one."""
    return any(all(one == other for one, other in zip(path, each, strict=False)) for each in known)
