"""What the templates of charts do with values and files, as far as one action tells by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.model import Action, Pointer
from scaffold.parse import pieces

_VALUE = r"(?<![\w.)])\$?\.Values(?P<path>(?:\.[A-Za-z_]\w*)+)(?![\w.])"
_LITERAL = r"(?P<text>true|[1-9]\d*)(?![\w.])"
_DEFAULTS = (re.compile(rf"{_VALUE}\s*\|\s*default\s+{_LITERAL}"), re.compile(rf"\bdefault\s+{_LITERAL}\s+{_VALUE}"))
_PRINTED = re.compile(rf"\{{\{{-?\s*{_VALUE}\s*(?:\|\s*(?P<filter>quote|squote|toString)\s*)?-?\}}\}}")
_FILE = re.compile(r"\.Files\.(?:Get|GetBytes|Lines)\s+(?:\"(?P<double>[^\"\\{}]+)\"|`(?P<raw>[^`{}]+)`)")
_ASKING = re.compile(r"\b(?:if|with|eq|ne|not|and|or|hasKey|kindIs|typeIs|ternary|coalesce|dig|empty|required)\b")
_COMMENT = re.compile(r"\{\{-?\s*/\*")
_WORD = re.compile(r"\w+")
_NAME = "helm.sh/hook"
_HOOK = re.compile(r"^[ \t]*[\"']?helm\.sh/hook[\"']?:[ \t]+(?P<text>[^\n#]+)", re.MULTILINE)
_BEGINS, _ENDS = "[{,(", ",]})"  # what may stand beside a whole number in YAML and JSON


class _Part(NamedTuple):
    """An action with the text before it and behind it, as far as these are of its line."""

    action: str
    before: str
    after: str


def actions(text: str) -> tuple[Action, ...]:
    """What is known of a template of a chart, in the order of its lines."""
    return tuple(_all(pieces(text))) if ".Values" in text or ".Files" in text or _NAME in text else ()


def _all(parts: list[str]) -> Iterator[Action]:
    asked = frozenset(_asked(parts))
    line, column, commented = 1, 1, False
    for index, part in enumerate(parts):
        if index % 2 == 0:
            yield from _hooks(part, line, is_last=index == len(parts) - 1)
        elif not (commented or _COMMENT.match(part)):
            around = _Part(part, parts[index - 1].rpartition("\n")[2], parts[index + 1].partition("\n")[0])
            yield from (Action(line, column, *each) for each in _of(around, asked))
        line += part.count("\n")
        last = part.rpartition("\n")[2]
        column = len(last) + (1 if "\n" in part else column)
        commented = last.lstrip().startswith("#") if "\n" in part or not index else commented


def _asked(parts: list[str]) -> Iterator[str]:
    """The words of the actions that ask what a value is, and give no default themselves."""
    for part in parts[1::2]:
        if "default" not in part and _ASKING.search(part):
            yield from _WORD.findall(part)


def _of(part: _Part, asked: frozenset[str]) -> Iterator[tuple[str, Pointer, str]]:
    for match in (found for pattern in _DEFAULTS for found in pattern.finditer(part.action)):
        path = _split(match["path"])
        if path[-1] not in asked:
            yield "default", path, match["text"]
    printed = _PRINTED.fullmatch(part.action)
    if printed and (printed["filter"] or _is_within(part)):
        yield "embedded", _split(printed["path"]), ""
    if not _ASKING.search(part.action) and "default" not in part.action:  # else it may be left out
        yield from (("file", (), match["double"] or match["raw"]) for match in _FILE.finditer(part.action))


def _is_within(part: _Part) -> bool:
    """Tell whether what an action prints is joined to other text, and so a part of a string."""
    glued = part.before[-1:].strip() and part.before[-1] not in _BEGINS
    return bool(glued or (part.after[:1].strip() and part.after[0] not in _ENDS))


def _hooks(text: str, line: int, *, is_last: bool) -> Iterator[Action]:
    """The hooks that are annotated in a text between two actions; one that an action ends is not all known."""
    at = 0
    for match in _HOOK.finditer(text) if _NAME in text else ():
        line, at = line + text.count("\n", at, match.start("text")), match.start("text")
        if match.end() < len(text) or is_last:
            yield Action(line, at - text.rfind("\n", 0, at), "hook", (), match["text"].strip().strip("\"'"))


def _split(path: str) -> tuple[str, ...]:
    return tuple(path.split(".")[1:])
