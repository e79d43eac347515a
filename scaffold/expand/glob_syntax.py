"""What a glob is made of, read as gobwas/glob 0.2.3 reads it, its oddities included."""

from __future__ import annotations

from dataclasses import dataclass

_DEEPEST = 100  # alternatives in alternatives, which gobwas would still read


class GlobSyntaxError(ValueError):
    """The pattern cannot be compiled."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """`*`, `**` or `?`: many or one character; `**` crosses separators."""

    many: bool
    crosses: bool


@dataclass(frozen=True, slots=True)
class Class:
    """`[abc]` or `[a-c]`; separators are ordinary characters in it."""

    characters: str = ""
    low: str = ""
    high: str = ""
    negated: bool = False

    def holds(self, character: str) -> bool:
        inside = self.low <= character <= self.high if self.low else character in self.characters
        return inside is not self.negated


@dataclass(frozen=True, slots=True)
class Alternatives:
    """`{a,b}`: one of several patterns."""

    branches: tuple[tuple[Node, ...], ...]


Node = str | Repeat | Class | Alternatives


def parse(pattern: str) -> tuple[Node, ...]:
    """Read a pattern; raise GlobSyntaxError where gobwas/glob refuses it."""
    reader = _Reader(pattern.partition("\0")[0])
    stack: list[list[list[Node]]] = [[[]]]
    while reader.more():
        _read_one(reader, stack)
    while len(stack) > 1:  # an alternative that is never closed ends with the pattern
        _close(stack)
    return tuple(stack[0][0])


def _read_one(reader: _Reader, stack: list[list[list[Node]]]) -> None:
    character = reader.peek()
    inside = len(stack) > 1
    if character == "{":
        if len(stack) > _DEEPEST:
            raise GlobSyntaxError(f"alternatives stand in one another more than {_DEEPEST} times")
        reader.take()
        stack.append([[]])
    elif character == "," and inside:
        reader.take()
        stack[-1].append([])
    elif character == "}" and inside:
        reader.take()
        _close(stack)
    elif leaf := _leaf(reader, inside=inside):
        stack[-1][-1].append(leaf)


def _close(stack: list[list[list[Node]]]) -> None:
    branches = stack.pop()
    stack[-1][-1].append(Alternatives(tuple(tuple(branch) for branch in branches)))


def _leaf(reader: _Reader, *, inside: bool) -> Node:
    character = reader.peek()
    if character == "[":
        reader.take()
        return _class(reader)
    if character == "?":
        reader.take()
        return Repeat(many=False, crosses=False)
    if character == "*":
        reader.take()
        return Repeat(many=True, crosses=reader.skip("*"))
    return reader.text("?*[{}," if inside else "?*[{")


def _class(reader: _Reader) -> Class:
    negated = reader.skip("!")
    first = reader.take()
    if reader.peek() == "-":
        reader.take()
        found = Class(low=first, high=reader.take(), negated=negated)
        if found.high < found.low:
            raise GlobSyntaxError(f"'{found.high}' comes before '{found.low}' in a range")
    else:
        reader.back()
        found = Class(characters=reader.text("]"), negated=negated)
        if not found.characters:
            raise GlobSyntaxError("a class is empty")
    if reader.take() != "]":
        raise GlobSyntaxError("a range is not closed")
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def more(self) -> bool:
        return self._at < len(self._text)

    def peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def take(self) -> str:
        if not self.more():
            raise GlobSyntaxError("a class is not closed")
        self._at += 1
        return self._text[self._at - 1]

    def back(self) -> None:
        self._at -= 1

    def skip(self, character: str) -> bool:
        found = self.peek() == character
        self._at += found
        return found

    def text(self, breakers: str) -> str:
        taken = []
        while self.more() and self.peek() not in breakers:
            character = self.take()
            if character == "\\":
                if not self.more():
                    break
                character = self.take()
            taken.append(character)
        return "".join(taken)
