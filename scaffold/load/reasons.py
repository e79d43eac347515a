"""The comments that say why something is set: behind `wait: false`, or right above it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SET = re.compile(r"[ \t]+wait:[ \t]+false[ \t]*(?P<comment>#.*)?\Z")
_BEGINS = re.compile(r"---(?:[ \t]|\Z)")
_SAYING = 3  # words; fewer name the field only


def unwaited(text: str) -> Iterator[int]:
    """The documents of a text, counted from 0, in which a comment says why they do not wait."""
    document, above, begun = 0, "", False
    for line in text.splitlines():
        found = _SET.match(line)
        if _BEGINS.match(line):
            document, begun = document + begun, True
        elif found and _says(found["comment"] or above):
            yield document
        comment = line.strip().startswith("#")
        above = f"{above} {line.strip()}" if comment else ""
        begun = begun or (bool(line.strip()) and not comment)


def _says(comment: str) -> bool:
    return len(comment.replace("#", " ").split()) >= _SAYING
