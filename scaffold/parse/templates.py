"""Templates of Helm as YAML in which nobody knows what the actions become."""

from __future__ import annotations

import re

FILLER = "x"
_OPEN = "\0"


def plain(text: str) -> str:
    """A template with letters in the place of its actions; lines of actions alone are empty.

    Every other line and column stays what it is.
    """
    parts = pieces(text)
    parts[1::2] = (re.sub(r"[^\n]", _OPEN, action) for action in parts[1::2])
    opened = "".join(parts)
    return "".join(map(_line, opened.splitlines(keepends=True)))


def pieces(text: str) -> list[str]:
    """A template taken apart, text and action by turns, from text to text; an action has its braces."""
    parts: list[str] = []
    at = 0
    while (start := text.find("{{", at)) >= 0 and (end := text.find("}}", start + 2)) >= 0:
        parts += text[at:start], text[start : end + 2]
        at = end + 2
    return [*parts, text[at:]]


def actions(text: str) -> list[str]:
    """What stands in the braces of a template, one after the other."""
    return [action[2:-2] for action in pieces(text)[1::2]]


def _line(line: str) -> str:
    alone = _OPEN in line and not line.replace(_OPEN, "").strip()
    return "\n" * line.endswith("\n") if alone else line.replace(_OPEN, FILLER)
