"""Placeholders that something was to fill in, as `<CLUSTER_NAME>`, where the value of a field stands."""

from __future__ import annotations

import itertools
import re

from scaffold.model import Unfilled

_CAPITAL, _SMALL = r"<[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+>", r"<[a-z][a-z0-9]*(?:-[a-z0-9]+)+>"
TOKEN = re.compile(f"{_CAPITAL}|{_SMALL}")
# Alone on a line, or within one word behind a key or a dash; in a text of many words it may explain a command.
_VALUE = re.compile(
    r"[ \t]*(?:-[ \t]+)*(?:[\"']?[\w./-]+[\"']?:[ \t]+)?(?:\[[ ]*)?[\"']?[^\s#\"']*?(?P<token>"
    + _CAPITAL
    + r")[^\s#]*\s*(?:#.*)?\Z"
)
# In small letters it is the whole value, since it may as well be an element of XML, or a part of a sentence.
_WHOLE = re.compile(
    r"[ \t]*(?:-[ \t]+)*[\w./-]+:[ \t]+(?P<quote>[\"']?)(?P<token>" + _SMALL + r")(?P=quote)\s*(?:#.*)?\Z"
)
_EXPLAINED = "CustomResourceDefinition"  # whose descriptions show what a value may be
_TEMPLATE = re.compile(r"(?i)\btemplate\b")


def unfilled(text: str) -> Unfilled | None:
    """The first placeholder of a text, and the lines that hold one."""
    if not TOKEN.search(text):
        return None
    small = _EXPLAINED not in text
    matches = (
        (number, _VALUE.match(line) or (small and _WHOLE.match(line)))
        for number, line in enumerate(text.split("\n"), 1)
        if "<" in line
    )
    found = [(number, match) for number, match in matches if match]
    if not found:
        return None
    first = found[0][1]
    lines = tuple(number for number, _ in found)
    return Unfilled(first["token"], first.start("token") + 1, lines, _is_template(text))


def _is_template(text: str) -> bool:
    lines = (line.strip() for line in text.splitlines())
    said = itertools.takewhile(lambda line: not line or line.startswith(("#", "---")), lines)
    return any(_TEMPLATE.search(line) for line in said)
