"""fmt's Sprint and Sprintf, as far as templates use them."""

from __future__ import annotations

import re
from typing import Any

from scaffold.expand.go_templates.functions.signatures import LARGEST
from scaffold.expand.go_values import show, show_float
from scaffold.expand.unverifiable import UnverifiableError

_VERB = re.compile(r"%(?:%|(?P<flags>[-0]?)(?P<width>[0-9]{0,3})(?:\.(?P<precision>[0-9]{1,2}))?(?P<verb>[svdqtf]))")
_ESCAPES = {"\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v"}


def quoted(text: str) -> str:
    """Quote as Go's %q does."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def sprint(*values: Any) -> str:
    """Join values with a space wherever neither neighbour is a string."""
    parts: list[str] = []
    for index, value in enumerate(values):
        if index and not isinstance(value, str) and not isinstance(values[index - 1], str):
            parts.append(" ")
        parts.append(show(value))
    return "".join(parts)


def printf(pattern: str, *values: Any) -> str:
    """Format; a verb that does not fit its value is not resolved."""
    waiting = list(values)
    parts: list[str] = []
    at = 0
    while (start := pattern.find("%", at)) >= 0:
        match = _VERB.match(pattern, start)
        if not match or (match["verb"] and not waiting):
            raise UnverifiableError(f"the format '{pattern}'")
        parts += [pattern[at:start], _verb(match, waiting.pop(0)) if match["verb"] else "%"]
        at = match.end()
    if waiting or sum(map(len, parts)) > LARGEST:
        raise UnverifiableError(f"the format '{pattern}'")
    return "".join([*parts, pattern[at:]])


def _verb(match: re.Match[str], value: Any) -> str:
    text = _plain(match["verb"], match["precision"], value)
    if text is None:
        raise UnverifiableError(f"the format '{match[0]}' on what is not its type")
    width = int(match["width"] or 0)
    if match["flags"] == "-":
        return text.ljust(width)
    if match["flags"] == "0":
        if match["verb"] not in "df":
            raise UnverifiableError(f"the format '{match[0]}'")
        return text.zfill(width)
    return text.rjust(width)


def _plain(verb: str, precision: str | None, value: Any) -> str | None:
    if verb == "f" and isinstance(value, float):
        return f"{value:.{precision or 6}f}"
    if precision is not None:
        return str(value)[: int(precision)] if verb == "s" and _is_ascii(value) else None
    return _unlimited(verb, value)


def _unlimited(verb: str, value: Any) -> str | None:
    if verb == "v":
        return show_float(value) if isinstance(value, float) else show(value)
    if verb == "s" and (isinstance(value, str) or _all_text(value)):
        return show(value)
    if verb == "q" and isinstance(value, str):
        return quoted(value)
    if verb == "d" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return show(value) if verb == "t" and isinstance(value, bool) else None


def _is_ascii(value: Any) -> bool:
    return isinstance(value, str) and value.isascii()


def _all_text(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_all_text, value.values()))
    return all(map(_all_text, value)) if isinstance(value, list) else isinstance(value, str)
