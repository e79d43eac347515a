"""A scalar as it is written, in the style that is there wherever that can hold it."""

from __future__ import annotations

import json
import re

from scaffold import parse
from scaffold.edit.changes import Value

_PLAIN = re.compile(r"[A-Za-z0-9_./+][A-Za-z0-9_./+:@=~%^*!|<>&?$-]*\Z")  # a safe part of what YAML allows
_SINGLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]*\Z")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:[ \t]+|(?:[ \t]*(?:#[^\n]*)?\r?\n)[ \t]*|\Z))+")
_STRINGS = frozenset(("", "!", "tag:yaml.org,2002:str"))


def written(value: Value, style: str = "") -> str:
    """A value in a style, or in double quotes where that style would make something else of it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if style == "'" and _SINGLE.match(value):
        return "'" + value.replace("'", "''") + "'"
    if style != '"' and _PLAIN.match(value) and not value.endswith(":") and parse.is_text(value):
        return value
    return _double(value)


def _double(value: str) -> str:
    """JSON's form, which YAML reads too, with what YAML does not let through escaped."""
    quoted = json.dumps(value, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\ufeff]", lambda found: f"\\u{ord(found[0]):04x}", quoted)


def replaced(text: str, node: parse.Scalar, value: Value) -> str | None:
    """The characters of a scalar for another value, its anchor kept; None where its tag does not fit."""
    whole = text[node.start : node.end]
    if node.tag not in _STRINGS or (node.tag and not isinstance(value, str)):
        return None
    found = _PROPERTIES.match(whole) if node.anchor or node.tag else None
    properties = found[0] if found else ""
    body = whole[len(properties) :]
    if node.style in ("|", ">") and isinstance(value, str):
        return properties + _block(body, node, value)
    lead = "" if not properties or properties[-1].isspace() else " "
    if not whole:
        # an empty value ends at the colon or the dash before it
        lead = " " if text[node.start - 1 : node.start] in (":", "-") else ""
    plain = not node.style and isinstance(value, str) and _stays_plain(value, node.value)
    return properties + lead + (str(value) if plain else written(value, node.style))


def _stays_plain(value: str, before: str) -> bool:
    """Tell whether a text needs no quotes where another with commas and blanks had none, so in no brackets."""
    if not {",", " "} & set(before) or ": " in value or value != value.strip(", "):
        return False
    allowed = {char for char in ", " if char in before}
    return bool(_PLAIN.match("".join(c for c in value if c not in allowed))) and parse.is_text(value)


def _block(body: str, node: parse.Scalar, value: str) -> str:
    """A block with other lines under its header; where it cannot hold the value, double quotes and a line's end."""
    newline = "\r\n" if "\r\n" in body else "\n"
    header, _, rest = body.partition("\n")
    kept = rest[len(rest.rstrip(" \r\n")) :]
    ended = len(value) - len(value.rstrip("\n")) == len(node.value) - len(node.value.rstrip("\n"))
    lines = value.rstrip("\n").split("\n")
    first = next((line for line in rest.splitlines() if line.strip()), "")
    indent = _indent(header, first, node)
    if ended and indent and _holds(lines, node.style) and node.value.strip("\n"):
        return header + "\n" + newline.join(indent + line if line else "" for line in lines) + kept
    return _double(value) + (newline if body.endswith("\n") else "")


def _indent(header: str, first: str, node: parse.Scalar) -> str:
    """What stands before each line; an indicator in the header leaves less of the first line's spaces to it."""
    spaces = len(first) - len(first.lstrip(" "))
    value = node.value.lstrip("\n")
    own = len(value) - len(value.lstrip(" ")) if re.search(r"[1-9]", header.partition("#")[0]) else 0
    return " " * (spaces - own)


def _holds(lines: list[str], style: str) -> bool:
    """A block can hold printable lines, of which the first does not begin with a space; a folded one holds one."""
    printable = all(_SINGLE.match(line.replace("\t", " ")) for line in lines)
    return printable and bool(lines[0]) and lines[0][0] not in " \t" and (style == "|" or len(lines) == 1)
