"""The variables of a text as kustomize-controller 1.9 reads them (fluxcd/pkg/envsubst): `${name}`, with operators.

Not all that a shell knows is known here, and what is not known is refused: `${name-word}`, `${name[0]}`, `${!name}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_NAME = re.compile(r"\w+")
_DEFAULT = re.compile(r":[-=?+]|=")
_PLAIN = re.compile(r"(?:[^$]|\$(?!\{)(?!\$))+|\$\$")
_BAD = "bad substitution"
_OPEN = "missing closing brace"
_NAMELESS = "unable to parse variable name"
_INNER = "unable to parse substitution within function"


class ShellSyntaxError(ValueError):
    """The text cannot be read; `at` is the offset of the expression that cannot."""

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(reason)
        self.at = at


@dataclass(frozen=True)
class Expression:
    """`${name<operator><arguments>}`, and the text that it was written as."""

    name: str
    operator: str
    arguments: tuple[Node, ...]
    text: str
    at: int


Node = str | Expression


def parse(text: str) -> list[Node]:
    """The literal parts and expressions of a text; `$$` stands for `$`. Raises ShellSyntaxError."""
    return _Reader(text).nodes()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def nodes(self) -> list[Node]:
        found: list[Node] = []
        while self._at < len(self._text):
            if self._text.startswith("${", self._at):
                found.append(self._expression())
                continue
            part = _PLAIN.match(self._text, self._at)
            assert part is not None
            self._at = part.end()
            found.append("$" if part[0] == "$$" else part[0])
        return found

    def _expression(self) -> Expression:
        start = self._at
        self._at += 2
        try:
            name, operator, arguments = self._inside()
        except ShellSyntaxError as error:
            raise ShellSyntaxError(str(error), start) from None
        return Expression(name, operator, tuple(arguments), self._text[start : self._at], start)

    def _inside(self) -> tuple[str, str, list[Node]]:
        if self._peek() == "#":
            self._at += 1
            name = self._take(_NAME, _BAD)
            self._close(_BAD)
            return name, "#", []
        name = self._take(_NAME, _NAMELESS)
        read = self._operators().get(self._peek())
        if read is None:
            self._close(_OPEN)
            return name, "", []
        operator, arguments = read()
        return name, operator, arguments

    def _operators(self) -> dict[str, Callable[[], tuple[str, list[Node]]]]:
        return {
            ":": self._default_or_part,
            "=": self._default,
            ",": self._case,
            "^": self._case,
            "/": self._replacement,
            "#": self._removal,
            "%": self._removal,
        }

    def _default_or_part(self) -> tuple[str, list[Node]]:
        return self._default() if _DEFAULT.match(self._text, self._at) else self._part()

    def _default(self) -> tuple[str, list[Node]]:
        operator = self._take(_DEFAULT, _BAD)
        arguments: list[Node] = []
        while self._peek() != "}":
            arguments.append(self._argument("}"))
        self._close(_BAD)
        return operator, arguments

    def _part(self) -> tuple[str, list[Node]]:
        """`:offset` or `:offset:length`."""
        self._at += 1
        arguments = [self._argument(":}")]
        if self._peek() == ":":
            while self._peek() == ":":
                self._at += 1
            arguments.append(self._argument("}"))
        self._close(_BAD)
        return ":", arguments

    def _case(self) -> tuple[str, list[Node]]:
        operator = self._take(re.compile("[,^]{1,2}"), _BAD)
        self._close(_BAD)
        return operator, []

    def _removal(self) -> tuple[str, list[Node]]:
        operator = self._take(re.compile("##?|%%?"), _BAD)
        argument = self._argument("}")
        self._close(_BAD)
        return operator, [argument]

    def _replacement(self) -> tuple[str, list[Node]]:
        operator = self._take(re.compile("/[/#%]?"), _BAD)
        arguments = [self._argument("/", escapes=True)]
        self._take(re.compile("/+"), _BAD)
        if self._peek() != "}":
            arguments.append(self._argument("}", escapes=True))
        self._close(_BAD)
        return operator, arguments

    def _argument(self, end: str, *, escapes: bool = False) -> Node:
        """An expression, or the text up to one or to a character that ends it; never nothing."""
        if self._text.startswith("${", self._at):
            return self._expression()
        found = ""
        start = self._at
        while self._at < len(self._text) and not self._text.startswith("${", self._at):
            if escapes and self._text[self._at : self._at + 2] in ("$$", "\\/", "\\\\"):
                self._at += 1
            elif self._peek() in end:
                break
            found += self._peek()
            self._at += 1
        if self._at == start:
            raise ShellSyntaxError(_INNER, start)
        return found

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, pattern: re.Pattern[str], reason: str) -> str:
        found = pattern.match(self._text, self._at)
        if not found:
            raise ShellSyntaxError(reason, self._at)
        self._at = found.end()
        return found[0]

    def _close(self, reason: str) -> None:
        if self._peek() != "}":
            raise ShellSyntaxError(reason, self._at)
        self._at += 1
