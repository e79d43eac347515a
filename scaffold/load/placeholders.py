"""Placeholders that something was to fill in, as `<CLUSTER_NAME>`, where the value of a field stands."""

from __future__ import annotations

import itertools
import re

from scaffold.model import Unfilled

TOKEN = re.compile(r"<[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+>")
# Alone on a line, or within one word behind a key or a dash; in a text of many words it may explain a command.
_VALUE = re.compile(
    r"^[ \t]*(?:-[ \t]+)*(?:[\"']?[\w./-]+[\"']?:[ \t]+)?[\"']?[^\s#\"']*?(?P<token>"
    + TOKEN.pattern
    + r")[^\s#]*[ \t]*(?:#.*)?$",
    re.MULTILINE,
)


def unfilled(text: str) -> Unfilled | None:
    """The first placeholder of a text, and the lines that hold one."""
    if not TOKEN.search(text):
        return None
    found = list(_VALUE.finditer(text))
    if not found:
        return None
    start = found[0].start("token")
    lines = itertools.accumulate(
        (text.count("\n", before, match.start("token")) for before, match in zip(_starts(found), found, strict=True)),
        initial=1,
    )
    return Unfilled(found[0]["token"], start - text.rfind("\n", 0, start), tuple(lines)[1:])


def _starts(found: list[re.Match[str]]) -> list[int]:
    """Where to count from: the one before."""
    return [0, *(match.start("token") for match in found[:-1])]
