"""Templates of Helm as YAML in which nobody knows what the actions become."""

from __future__ import annotations

import re

FILLER = "x"
_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_OPEN = "\0"


def plain(text: str) -> str:
    """A template with letters in the place of its actions; lines of actions alone are empty.

    Every other line and column stays what it is.
    """
    opened = _ACTION.sub(lambda found: re.sub(r"[^\n]", _OPEN, found[0]), text)
    return "".join(map(_line, opened.splitlines(keepends=True)))


def _line(line: str) -> str:
    alone = _OPEN in line and not line.replace(_OPEN, "").strip()
    return "\n" * line.endswith("\n") if alone else line.replace(_OPEN, FILLER)
