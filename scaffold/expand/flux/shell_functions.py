"""What the operators of an expression do to a value (fluxcd/pkg/envsubst of kustomize-controller 1.9)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

_NUMBER = re.compile(r"[+-]?\d+\Z")
_Function = Callable[[str, Sequence[str]], str]


def apply(operator: str, value: str, arguments: Sequence[str]) -> str:
    """The value of `${name<operator><arguments>}`; what is unknown is a default, as the engine has it."""
    if operator == "#" and not arguments:
        return str(len(value.encode()))
    return _FUNCTIONS.get(operator, _default)(value, arguments)


def _default(value: str, arguments: Sequence[str]) -> str:
    return value or "".join(arguments)


def _part(value: str, arguments: Sequence[str]) -> str:
    """Offsets count bytes; a negative one counts from the end, and what is no number changes nothing."""
    if not all(_NUMBER.match(argument) for argument in arguments):
        return value
    data = value.encode()
    start = int(arguments[0])
    start = max(len(data) + start, 0) if start < 0 else start
    end = start + int(arguments[1]) if len(arguments) > 1 else len(data)
    return (data[start:] if end >= len(data) else data[start:end]).decode(errors="replace")


def _replace(value: str, arguments: Sequence[str], *, count: int) -> str:
    return value.replace(arguments[0], arguments[1] if len(arguments) > 1 else "", count)


def _replace_prefix(value: str, arguments: Sequence[str]) -> str:
    if len(arguments) == 2 and value.startswith(arguments[0]):
        return value.replace(arguments[0], arguments[1], 1)
    return value


def _replace_suffix(value: str, arguments: Sequence[str]) -> str:
    if len(arguments) == 2 and value.endswith(arguments[0]):
        return value.removesuffix(arguments[0]) + arguments[1]
    return value


def _trim_shortest(value: str, pattern: str) -> str:
    """Take off the shortest beginning that matches; an empty one does not count."""
    matches = _compiled(pattern)
    found = next((end for end in range(1, len(value) + 1) if matches(value[:end])), 0)
    return value[found:]


def _trim_longest(value: str, pattern: str) -> str:
    matches = _compiled(pattern)
    found = next((end for end in range(len(value), 0, -1) if matches(value[:end])), 0)
    return value[found:]


def _at_end(trim: Callable[[str, str], str], value: str, pattern: str) -> str:
    """Trim the end: the engine turns both the value and the pattern round."""
    return trim(value[::-1], pattern[::-1])[::-1]


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Callable[[str], object]:
    """A pattern of path.Match whose asterisk goes over slashes; a malformed one matches nothing."""
    translated = ""
    at = 0
    while at < len(pattern):
        character = pattern[at]
        members = re.compile(r"\[(\^?)((?:\\.|[^\]\\])+)\]").match(pattern, at)
        if character == "[":
            if not members:
                return lambda _: None
            translated += f"[{members[1]}{members[2]}]"
            at = members.end()
            continue
        if character == "\\":
            at += 1
            character = pattern[at : at + 1]
            if not character:
                return lambda _: None
            translated += re.escape(character)
        else:
            translated += {"*": ".*", "?": "."}.get(character, re.escape(character))
        at += 1
    try:
        return re.compile(translated, re.DOTALL).fullmatch
    except re.error:
        return lambda _: None


_FUNCTIONS: dict[str, _Function] = {
    ",": lambda value, _: value[:1].lower() + value[1:],
    ",,": lambda value, _: value.lower(),
    "^": lambda value, _: value[:1].upper() + value[1:],
    "^^": lambda value, _: value.upper(),
    ":": _part,
    "/": lambda value, arguments: _replace(value, arguments, count=1),
    "//": lambda value, arguments: _replace(value, arguments, count=-1),
    "/#": _replace_prefix,
    "/%": _replace_suffix,
    "#": lambda value, arguments: _trim_shortest(value, arguments[0]),
    "##": lambda value, arguments: _trim_longest(value, arguments[0]),
    "%": lambda value, arguments: _at_end(_trim_shortest, value, arguments[0]),
    "%%": lambda value, arguments: _at_end(_trim_longest, value, arguments[0]),
}
