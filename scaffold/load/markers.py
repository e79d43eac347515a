"""The comments behind values that Flux's image automation looks for: `# {"$imagepolicy": "namespace:name:tag"}`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from scaffold.model import Marker

SIGN = "$imagepolicy"
_LINE = re.compile(r"(?P<code>[^#\n]*?[^#\s])\s+#\s*(?P<json>\{.*\$imagepolicy.*)\Z")
_KEY = re.compile(r"\s*(?:- +)*(?:[\w./\"'-]+:\s+)?")


def markers(text: str) -> Iterator[Marker]:
    """Every marker of a text; a comment on a line of its own is none."""
    for number, line in enumerate(text.splitlines(), 1):
        found = _LINE.match(line)
        if found:
            policy, part = _parts(found["json"].rstrip())
            yield Marker(number, found.start("json") + 1, policy, part, _form(found["code"]))


def _parts(text: str) -> tuple[str, str]:
    try:
        value = json.loads(text)[SIGN]
        namespace, name, *rest = value.split(":")
    except (ValueError, AttributeError, KeyError, TypeError):
        return "", ""
    return f"{namespace}:{name}", ":".join(rest)


def _form(code: str) -> str:
    """What a value looks like: an `image` with its name, a `digest`, or a `word` such as a tag."""
    value = _KEY.sub("", code, count=1).strip().strip("'\"")
    if value.startswith("sha256:"):
        return "digest"
    return "image" if ":" in value or "/" in value else "word"
