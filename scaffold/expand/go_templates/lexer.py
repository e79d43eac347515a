"""The tokens of a template: text, and what stands between `{{` and `}}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.expand.go_values import TemplateError

_SPACE = " \t\r\n"
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<string>"(?:\\.|[^"\\\n])*")
    |(?P<raw>`[^`]*`)
    |(?P<char>'(?:\\.|[^'\\\n])+')
    |(?P<declare>:=)|(?P<assign>=)|(?P<pipe>\|)|(?P<open>\()|(?P<close>\))|(?P<comma>,)
    |(?P<number>[+-]?(?:0[xX][0-9a-fA-F_.]*(?:[pP][+-]?[0-9_]+)?|0[bB][01_]+|0[oO][0-7_]+
        |(?:[0-9][0-9_]*+(?:\.[0-9_]*+)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?)i?)
    |(?P<field>\.[^\W0-9]\w*)|(?P<dot>\.)|(?P<variable>\$\w*)|(?P<word>[^\W0-9]\w*)""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"/\*.*?\*/(-?\}\}|[ \t\r\n]+-\}\})", re.DOTALL)
_ENDS = frozenset(_SPACE + ".,|:)(")
_NEEDS_END = frozenset(("field", "variable", "word"))
KEYWORDS = frozenset("block break continue define else end if range template with".split())


class Token(NamedTuple):
    """A kind and its text; `left` and `right` are the delimiters."""

    kind: str
    text: str


def tokens(template: str) -> Iterator[Token]:
    """Split a template; raise TemplateError where Go's lexer gives up."""
    at = 0
    trim = False
    while True:
        start = template.find("{{", at)
        text = template[at:] if start < 0 else template[at:start]
        at = start + 2
        trims_before = start >= 0 and _trims(template, at)
        if trim:
            text = text.lstrip(_SPACE)
        if trims_before:
            text = text.rstrip(_SPACE)
            at += 1
        if text:
            yield Token("text", text)
        if start < 0:
            return
        if template.startswith("/*", at + 1 if trims_before else at):
            at, trim = _after_comment(template, at)
        else:
            found, at, trim = _action(template, at)
            yield from found


def _trims(template: str, at: int) -> bool:
    return template.startswith("-", at) and template[at + 1 : at + 2] in set(_SPACE)


def _after_comment(template: str, at: int) -> tuple[int, bool]:
    start = at if template.startswith("/*", at) else at + 1
    found = _COMMENT.match(template, start)
    if not found:
        raise TemplateError("unclosed comment")
    if found[1].startswith("-}}"):
        raise TemplateError("comment ends before closing delimiter")
    return found.end(), "-" in found[1]


def _action(template: str, at: int) -> tuple[list[Token], int, bool]:
    found = [Token("left", "{{")]
    depth = 0
    while True:
        if template.startswith("}}", at):
            closed, trim, width = True, False, 2
        else:
            trim = template[at : at + 1] in set(_SPACE) and template.startswith("-}}", at + 1)
            closed, width = trim, 4
        if closed:
            if depth:
                raise TemplateError("unclosed left paren")
            return [*found, Token("right", "}}")], at + width, trim
        token, at = _next(template, at)
        depth += (token.kind == "open") - (token.kind == "close")
        if depth < 0:
            raise TemplateError("unexpected right paren")
        found.append(token)


def _next(template: str, at: int) -> tuple[Token, int]:
    match = _TOKEN.match(template, at)
    if not match:
        raise TemplateError(_flaw(template, at))
    kind, text, end = str(match.lastgroup), match[0], match.end()
    if kind == "space":  # a trailing space may belong to the closing delimiter
        closing = template.startswith("-}}", end)
        if closing and end - at > 1:
            end -= 1
        return Token("space", text), end
    if kind in _NEEDS_END and not _ended(template, end):
        raise TemplateError(f"bad character {template[end : end + 1]!r}")
    if kind == "number" and template[end : end + 1].isalnum():
        raise TemplateError(f"bad number syntax: {text + template[end]!r}")
    if kind == "word" and text in {"true", "false"}:
        kind = "bool"
    elif kind == "word" and text == "nil":
        kind = "nil"
    elif kind == "word" and text in KEYWORDS:
        kind = "keyword"
    return Token(kind, text), end


def _ended(template: str, at: int) -> bool:
    return at >= len(template) or template[at] in _ENDS or template.startswith("}}", at)


def _flaw(template: str, at: int) -> str:
    character = template[at : at + 1]
    if not character:
        return "unclosed action"
    if character in "\"'":
        return "unterminated quoted string"
    if character == "`":
        return "unterminated raw quoted string"
    return f"unexpected {character!r} in action"
