"""The comments behind values that Flux's image automation looks for: `# {"$imagepolicy": "namespace:name:tag"}`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from scaffold.model import Marker

SIGN = "$imagepolicy"
_LINE = re.compile(r"(?P<code>[^#\n]*?[^#\s])\s+#\s*(?P<json>\{.*\$imagepolicy.*)\Z")
_BLOCK = re.compile(r"(?:: +|- +|\A)[|>][-+0-9]*\s*(?:#.*)?\Z")
_KEY = re.compile(r"\s*(?:- +)*(?:[\w./\"'-]+:\s+)?")


def markers(text: str) -> Iterator[Marker]:
    """Every marker of a text; a comment on a line of its own is none, and within a text of several lines none is."""
    inside = -1  # how far such a text is indented; 0 where its first line is still to come
    for number, line in enumerate(text.splitlines(), 1):
        indent = len(line) - len(line.lstrip(" "))
        if line.strip():
            inside = indent if inside == 0 and indent else inside
            inside = inside if 0 < inside <= indent else -1
        found = _LINE.match(line)
        if found:
            policy, part = _parts(found["json"].rstrip())
            form = "text" if inside > 0 else _form(found["code"])
            yield Marker(number, found.start("json") + 1, policy, part, form)
        if inside < 0 and _BLOCK.search(line):
            inside = 0


def _parts(text: str) -> tuple[str, str]:
    try:
        value = json.loads(text)[SIGN]
        namespace, name, *rest = value.split(":")
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return "", ""
    return f"{namespace}:{name}", ":".join(rest)


def _form(code: str) -> str:
    """What a value looks like: an `image` with its name, a `digest`, or a `word` such as a tag."""
    value = _KEY.sub("", code, count=1).strip().strip("'\"")
    if value.startswith("sha256:"):
        return "digest"
    return "image" if ":" in value or "/" in value else "word"
