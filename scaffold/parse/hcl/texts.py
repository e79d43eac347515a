"""Texts of Terraform: what stands between quotes, or in a heredoc."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from scaffold.parse.hcl.values import Template

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_DOUBLED = re.compile(r"([$%])\1\{")


def literal(data: bytes, *, escaped: bool) -> str:
    """A part between what is put in."""
    text = data.decode("utf-8", "replace")
    text = _ESCAPE.sub(_unescaped, text) if escaped else text
    return _DOUBLED.sub(r"\1{", text)


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _ESCAPES.get(found[2], found[0])


def joined(parts: list[Any]) -> Any:
    """A text, or a template where something is put into it."""
    if len(parts) == 1:
        return parts[0]
    return Template(tuple(part for part in parts if part != ""))


def dedented(parts: list[Any]) -> list[Any]:
    """The parts without the indent that all lines share; an expression is a word of its line."""
    mark = "\0"
    text = textwrap.dedent(mark.join(part if isinstance(part, str) else "" for part in parts))
    told = iter(text.split(mark))
    return [next(told) if isinstance(part, str) else (next(told), part)[1] for part in parts]
