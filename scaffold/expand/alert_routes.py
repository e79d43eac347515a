"""Routes of Alertmanager: which alerts matchers let through, as Alertmanager 0.28 decides it.

Labels that an alert does not have are empty; a regular expression is about the whole value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from scaffold.expand import regexes
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.model import mapping, sequence

_MANY = 64  # values of one label; nobody writes more by hand
_LITERAL = re.compile(r"\^?(?P<open>\(\??:?)?(?P<inner>[\w@:/ |-]*)(?P<close>\))?\$?")
_LINE = re.compile(r"([A-Za-z_:][\w:]*)\s*(=~|!~|!=|=)\s*(?:\"([^\"\\]*)\"|([^\s\"'{},\\]*))")
_ANYTHING = frozenset((".*", "^.*$", "(.*)"))
_SOMETHING = frozenset((".+", "^.+$", "(.+)"))
_OPERATORS = ("=", "!=", "=~", "!~")


class Matcher(NamedTuple):
    """What a label has to be."""

    name: str
    operator: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}{self.operator}{self.value!r}"

    @property
    def named(self) -> frozenset[str] | None:
        """The values that it lets through, or keeps out where it is negative; None where they are too many to name."""
        return frozenset((self.value,)) if self.operator in ("=", "!=") else _alternatives(self.value)

    def holds(self, value: str) -> bool | None:
        """Tell whether a value passes; None where that cannot be told."""
        negative = self.operator.startswith("!")
        if self.operator in ("=", "!="):
            return (value == self.value) is not negative
        try:
            return (regexes.compile_go(self.value).fullmatch(value) is not None) is not negative
        except UnverifiableError:
            return None


Matchers = tuple[Matcher, ...]


@lru_cache(maxsize=1024)
def _alternatives(pattern: str) -> frozenset[str] | None:
    found = _LITERAL.fullmatch(pattern) if len(pattern) <= _MANY * _MANY else None
    if not found or bool(found["open"]) is not bool(found["close"]):
        return None
    values = frozenset(found["inner"].split("|"))
    return values if len(values) <= _MANY else None


def matchers(route: Mapping[str, Any]) -> Matchers | None:
    """What a route matches, in a configuration or an object of the operator; None where it cannot be told."""
    found: list[Matcher | None] = [Matcher(str(k), "=", str(v)) for k, v in mapping(route.get("match")).items()]
    found += [Matcher(str(k), "=~", str(v)) for k, v in mapping(route.get("match_re")).items()]
    for item in sequence(route.get("matchers")):
        found.append(_of_text(item) if isinstance(item, str) else _of_object(mapping(item)))
    known = tuple(item for item in found if item)
    filled = any("${" in item.value or "{{" in item.value for item in known)
    return None if len(known) < len(found) or filled else known


def _of_text(text: str) -> Matcher | None:
    inner = text.strip()
    if inner.startswith("{") and inner.endswith("}"):
        inner = inner[1:-1].strip()
    found = _LINE.fullmatch(inner)
    return Matcher(found[1], found[2], found[3] if found[3] is not None else found[4]) if found else None


def _of_object(item: Mapping[str, Any]) -> Matcher | None:
    name, value = item.get("name"), item.get("value", "")
    operator = item.get("matchType") or ("=~" if item.get("regex") is True else "=")
    fits = isinstance(name, str) and name and isinstance(value, str) and operator in _OPERATORS
    return Matcher(str(name), str(operator), value) if fits else None


def values(context: Sequence[Matcher], name: str) -> frozenset[str] | None:
    """The values of a label with which an alert passes; None where they are not numbered."""
    own = [matcher for matcher in context if matcher.name == name]
    given = [named for matcher in own if matcher.operator in ("=", "=~") and (named := matcher.named) is not None]
    if not given:
        return None
    every = frozenset.intersection(*given)
    return frozenset(value for value in every if all(matcher.holds(value) is not False for matcher in own))


def void(context: Sequence[Matcher]) -> str:
    """The label of which no value passes; empty where an alert may pass."""
    return next((matcher.name for matcher in context if values(context, matcher.name) == frozenset()), "")


def covers(wide: Sequence[Matcher], context: Sequence[Matcher]) -> bool:
    """Tell whether every alert that passes `context` passes `wide` too."""
    return all(_follows(matcher, context) for matcher in wide)


def _follows(matcher: Matcher, context: Sequence[Matcher]) -> bool:
    if matcher in context or (matcher.operator == "=~" and matcher.value in _ANYTHING):
        return True
    possible = values(context, matcher.name)
    if possible is not None:
        return all(matcher.holds(value) for value in possible)
    kept_out = _kept_out(context, matcher.name)
    if matcher.operator == "=~" and matcher.value in _SOMETHING:
        return "" in kept_out
    return matcher.operator.startswith("!") and matcher.named is not None and matcher.named <= kept_out


def _kept_out(context: Sequence[Matcher], name: str) -> frozenset[str]:
    own = [matcher for matcher in context if matcher.name == name]
    found = [matcher.named or frozenset() for matcher in own if matcher.operator.startswith("!")]
    found += [frozenset(("",)) for matcher in own if matcher.operator == "=~" and matcher.value in _SOMETHING]
    return frozenset().union(*found)


def taken(before: Sequence[Matchers], context: Sequence[Matcher]) -> tuple[int, ...]:
    """Which of the routes before one leave nothing for it, each with every value of one label at least; or none."""
    whole = next((index for index, wide in enumerate(before) if covers(wide, context)), None)
    if whole is not None:
        return (whole,)
    for name in dict.fromkeys(matcher.name for matcher in context):
        parts = tuple(_parts(before, context, name))
        if parts and None not in parts:
            return tuple(dict.fromkeys(part for part in parts if part is not None))
    return ()


def _parts(before: Sequence[Matchers], context: Sequence[Matcher], name: str) -> Iterator[int | None]:
    possible = values(context, name) or frozenset()
    for value in sorted(possible) if len(possible) > 1 else ():
        narrow = (*context, Matcher(name, "=", value))
        yield next((index for index, wide in enumerate(before) if covers(wide, narrow)), None)
