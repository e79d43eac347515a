"""Go's literals: quoted strings, characters and numbers."""

from __future__ import annotations

import re

from scaffold.expand.go_templates.lexer import Token
from scaffold.expand.go_templates.nodes import Literal
from scaffold.expand.go_values import TemplateError
from scaffold.expand.unverifiable import UnverifiableError

_ESCAPE = re.compile(r"\\(?:([abfnrtv\\'\"])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|)")
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"'}
_INTEGER = re.compile(r"[+-]?(0[xX](_?[0-9a-fA-F])+|0[bB](_?[01])+|0[oO]?(_?[0-7])+|0|[1-9](_?[0-9])*)")
_FLOAT = re.compile(r"[+-]?([0-9](_?[0-9])*+(\.([0-9](_?[0-9])*+)?)?|\.[0-9](_?[0-9])*+)([eE][+-]?[0-9]+)?")
_FORBIDDEN = {'"': "'", "'": '"'}


def unquote(text: str) -> str:
    """Read a string or character literal with its quotes."""
    quote, inside = text[0], text[1:-1]
    if quote == "`":
        return inside.replace("\r", "")
    return _ESCAPE.sub(lambda match: _character(match, text), inside)


def _character(match: re.Match[str], text: str) -> str:
    simple, *codes = match.groups()
    if simple and simple != _FORBIDDEN[text[0]]:
        return _SIMPLE[simple]
    byte, short, long, octal = codes
    number = int(byte or short or long or "-1", 16) if not octal else int(octal, 8)
    if number < 0 or (octal and number > 255):
        raise TemplateError(f"invalid syntax: {text}")
    if number > 127 and (byte or octal):
        raise UnverifiableError(f"a byte that is no character in {text}")
    if number > 0x10FFFF or 0xD800 <= number < 0xE000:
        raise TemplateError(f"invalid syntax: {text}")
    return chr(number)


def number(text: str) -> int | float:
    """Read a number as Go does: an int where it looks like one, else a float64."""
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return float(text.replace("_", ""))
    if text.endswith("i") or re.match(r"[+-]?0[xX]", text):
        raise UnverifiableError(f"the number {text}")
    raise TemplateError(f"bad number syntax: {text}")


def _integer(text: str) -> int:
    digits = text.replace("_", "").lower()
    octal = re.fullmatch(r"([+-]?)0([0-7]+)", digits)
    value = int(f"{octal[1]}{octal[2]}", 8) if octal else int(digits, 0)
    if not -(2**63) <= value < 2**63:
        raise TemplateError(f"integer overflow: {text}")
    return value


def read(token: Token) -> Literal:
    """Read a literal token."""
    if token.kind == "bool":
        return Literal("bool", token.text == "true", token.text)
    if token.kind == "nil":
        return Literal("nil", None, "nil")
    if token.kind == "number":
        return Literal("number", number(token.text), token.text)
    if token.kind == "char":
        character = unquote(token.text)
        if len(character) != 1:
            raise TemplateError(f"malformed character constant: {token.text}")
        return Literal("number", ord(character), token.text)
    return Literal("string", unquote(token.text), token.text)
