"""Argo CD's globs (gobwas/glob 0.2.3): `*` stops at a separator, `**` does not, with classes and alternatives."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from scaffold.expand.glob_syntax import Alternatives, Class, GlobSyntaxError, Node, Repeat, parse

_METACHARACTERS = frozenset("*?[{\\}")
_Test = tuple[str, bool]


@lru_cache(maxsize=16384)
def matches(pattern: str, text: str, separators: str = "") -> bool:
    """Tell whether the whole text matches; a malformed pattern matches nothing, as in Argo CD."""
    if _METACHARACTERS.isdisjoint(pattern):
        return pattern == text
    try:
        automaton = _compile(pattern)
    except GlobSyntaxError:
        return False
    return automaton.accepts(text, separators)


def malformed(pattern: str) -> str:
    """Say why Argo CD cannot read a pattern; empty when it can."""
    try:
        _compile(pattern)
    except GlobSyntaxError as error:
        return str(error)
    return ""


class _Automaton:
    """A pattern as numbered states; it is walked with sets of states, so no pattern takes more than linear time."""

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        self._steps: list[tuple[Node | str, int] | None] = []
        self._skips: list[list[int]] = []
        self._final = self._state()
        self._start = self._sequence(nodes, self._final)
        self._matches_nothing = len(nodes) == 1 and _is_open(nodes[0])
        self._ends = _ends(nodes)

    def _state(self, step: tuple[Node | str, int] | None = None, skips: tuple[int, ...] = ()) -> int:
        self._steps.append(step)
        self._skips.append(list(skips))
        return len(self._steps) - 1

    def _sequence(self, nodes: tuple[Node, ...], then: int) -> int:
        for node in reversed(nodes):
            then = self._node(node, then)
        return then

    def _node(self, node: Node, then: int) -> int:
        if isinstance(node, Repeat) and node.many:
            state = self._state((node, 0), (then,))
            self._steps[state] = (node, state)
            return state
        if isinstance(node, Alternatives):
            return self._state(skips=tuple(self._sequence(branch, then) for branch in node.branches))
        if isinstance(node, str):
            for character in reversed(node):
                then = self._state((character, then))
            return then
        return self._state((node, then))

    def accepts(self, text: str, separators: str) -> bool:
        if not text and self._matches_nothing:
            return True
        if self._ends and (self._ends.crosses or not separators):
            return text.startswith(self._ends.first) and text.endswith(self._ends.last)
        states = self._closure({self._start})
        for character in text:
            states = self._closure({to for state in states for to in self._step(state, character, separators)})
            if not states:
                return False
        return self._final in states

    def _step(self, state: int, character: str, separators: str) -> tuple[int, ...]:
        step = self._steps[state]
        return (step[1],) if step and _takes(step[0], character, separators) else ()

    def _closure(self, states: set[int]) -> set[int]:
        todo = list(states)
        while todo:
            for state in self._skips[todo.pop()]:
                if state not in states:
                    states.add(state)
                    todo.append(state)
        return states


class _Ends(NamedTuple):
    """A text, an asterisk and a text: the library looks at both ends apart, so `a*a` matches `a`."""

    first: str
    last: str
    crosses: bool


def _ends(nodes: tuple[Node, ...]) -> _Ends | None:
    match nodes:
        case (str(first), Repeat(many=True, crosses=crosses), str(last)):
            return _Ends(first, last, crosses)
    return None


def _takes(node: Node | str, character: str, separators: str) -> bool:
    if isinstance(node, str):
        return node == character
    if isinstance(node, Repeat):
        return node.crosses or character not in separators
    return isinstance(node, Class) and node.holds(character)


def _is_open(node: Node) -> bool:
    """Tell what matches the empty text when it stands alone: `?` and `[!…]`, by a quirk of the library."""
    return (isinstance(node, Repeat) and not node.many) or (isinstance(node, Class) and node.negated)


@lru_cache(maxsize=4096)
def _compile(pattern: str) -> _Automaton:
    return _Automaton(parse(pattern))


def doubtful(pattern: str, text: str = "") -> str:
    """Say why it is not sure what a well-formed pattern does to a text: the library gets rare combinations wrong."""
    return _doubt(pattern, ascii_only=pattern.isascii() and text.isascii())


@lru_cache(maxsize=4096)
def _doubt(pattern: str, *, ascii_only: bool) -> str:
    try:
        nodes = parse(pattern)
    except GlobSyntaxError:
        return ""
    for node in nodes:
        if isinstance(node, Alternatives) and not all(len(b) == 1 and isinstance(b[0], str) for b in node.branches):
            return f"alternatives of anything but plain text ('{pattern}')"
        if not ascii_only and not isinstance(node, str) and not _is_many(node):
            return f"a wildcard for one character beside characters beyond ASCII ('{pattern}')"
    for first, second in pairwise(nodes):
        if _is_many(first) and _is_many(second):
            return f"more than two asterisks in a row ('{pattern}')"
        if isinstance(first, Class) and isinstance(second, Class) and first.negated and second.negated:
            return f"two negated classes in a row ('{pattern}')"
    return ""


def _is_many(node: Node) -> bool:
    return isinstance(node, Repeat) and node.many
