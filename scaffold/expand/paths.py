"""Go's path.Match and Git's pathspecs, by which generators pick directories and files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_PATHSPEC_WILD = re.compile(r"[*?\[\\]")
_CLASSES = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "blank": " \\t", "cntrl": "\\x00-\\x1f\\x7f", "digit": "0-9",
    "graph": "!-~", "lower": "a-z", "print": " -~", "punct": "!-/:-@\\[-`{-~", "space": " \\t-\\r", "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}  # fmt: skip


class BadPatternError(ValueError):
    """The pattern is malformed."""


def matches(pattern: str, name: str) -> bool:
    """Match as Go's path.Match: `*` and `?` stay within one level; a malformed pattern matches nothing."""
    try:
        return compile_path(pattern).fullmatch(name) is not None
    except BadPatternError:
        return False


@lru_cache(maxsize=4096)
def compile_path(pattern: str) -> re.Pattern[str]:
    """Translate a path.Match pattern; raise BadPatternError where Go reports one.

    Go takes the first place where what follows an asterisk fits and never tries a later one; so do atomic groups.
    """
    first, *starred = _chunks(pattern)
    middle = "".join(f"(?>[^/]*?{chunk})" for chunk in starred[:-1])
    last = f"[^/]*?{starred[-1]}" if starred else ""
    return re.compile(first + middle + last, re.DOTALL)


def _chunks(pattern: str) -> list[str]:
    """The parts between asterisks, as regular expressions."""
    chunks = [""]
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "[":
            text, at = _class(pattern, at + 1)
            chunks[-1] += text
        elif character == "\\":
            character, at = _escaped(pattern, at)
            chunks[-1] += re.escape(character)
        else:
            at += 1
            if character == "*":
                chunks += [""] if chunks[-1] or len(chunks) == 1 else []
            else:
                chunks[-1] += "[^/]" if character == "?" else re.escape(character)
    return chunks


def _class(pattern: str, at: int) -> tuple[str, int]:
    negated = pattern[at : at + 1] == "^"
    at += negated
    ranges: list[str] = []
    while not (pattern[at : at + 1] == "]" and ranges):
        low, at = _member(pattern, at)
        high = low
        if pattern[at : at + 1] == "-":
            high, at = _member(pattern, at + 1)
        ranges.append(f"{re.escape(low)}-{re.escape(high)}" if low <= high else "")
    inside = "".join(ranges)
    empty = "." if negated else "(?!)"
    return (f"[{'^' if negated else ''}{inside}]" if inside else empty), at + 1


def _member(pattern: str, at: int) -> tuple[str, int]:
    character = pattern[at : at + 1]
    if character in {"", "-", "]"}:
        raise BadPatternError(pattern)
    if character == "\\":
        character, at = _escaped(pattern, at)
    else:
        at += 1
    if at >= len(pattern):
        raise BadPatternError(pattern)
    return character, at


def _escaped(pattern: str, at: int) -> tuple[str, int]:
    if at + 1 >= len(pattern):
        raise BadPatternError(pattern)
    return pattern[at + 1], at + 2


def literal_prefix(pathspec: str) -> str:
    """The part of a pathspec before its first wildcard."""
    wild = _PATHSPEC_WILD.search(pathspec)
    return pathspec[: wild.start()] if wild else pathspec


@lru_cache(maxsize=4096)
def compile_pathspec(pathspec: str) -> re.Pattern[str]:
    """Translate a pathspec of `git ls-files`: `*` and `?` cross `/`; a plain directory names its files."""
    if not _PATHSPEC_WILD.search(pathspec):
        directory = re.escape(pathspec.rstrip("/"))
        end = "/.*" if pathspec.endswith("/") else "(/.*)?"
        return re.compile(directory + end if pathspec not in {"", "."} else ".*", re.DOTALL)
    return re.compile("".join(_translate_wild(pathspec)), re.DOTALL)


def _translate_wild(pathspec: str) -> Iterator[str]:
    at = 0
    while at < len(pathspec):
        character = pathspec[at]
        at += 1
        if character == "*":
            while pathspec[at : at + 1] == "*":
                at += 1
            yield ".*"
        elif character == "?":
            yield "."
        elif character == "[":
            text, at = _wild_class(pathspec, at)
            yield text
        elif character == "\\":
            yield re.escape(pathspec[at : at + 1]) if at < len(pathspec) else "(?!)"
            at += 1
        else:
            yield re.escape(character)


def _wild_class(pathspec: str, at: int) -> tuple[str, int]:
    negated = pathspec[at : at + 1] in {"!", "^"}
    at += negated
    first, inside = at, ""
    while at == first or pathspec[at : at + 1] != "]":
        named = re.compile(r"\[:([a-z]*):\]").match(pathspec, at)
        if named and named[1] in _CLASSES:
            inside += _CLASSES[named[1]]
            at = named.end()
            continue
        low, at = _wild_member(pathspec, at)
        high = low
        if pathspec[at : at + 1] == "-" and pathspec[at + 1 : at + 2] not in {"", "]"}:
            high, at = _wild_member(pathspec, at + 1)
        inside += f"{re.escape(low)}-{re.escape(high)}" if low <= high else ""
        if at >= len(pathspec):
            return "(?!)", at
    return (f"[{'^' if negated else ''}{inside}]" if inside else "(?!)"), at + 1


def _wild_member(pathspec: str, at: int) -> tuple[str, int]:
    at += pathspec[at : at + 1] == "\\"
    return pathspec[at : at + 1] or "\0", at + 1
