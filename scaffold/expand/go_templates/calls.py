"""Calls a template function after the checks of types and numbers that Go makes."""

from __future__ import annotations

from typing import Any

from scaffold.expand.go_templates.functions.signatures import TYPES, Function
from scaffold.expand.go_templates.nodes import Literal
from scaffold.expand.go_values import NOTHING, Int64, StringMap, TemplateError, Unordered, type_name
from scaffold.expand.unverifiable import UnverifiableError

ABSENT = object()


def call(name: str, function: Function, values: list[Any]) -> Any:
    """Call a function whose arguments are checked."""
    if not function.takes_unordered and any(isinstance(value, Unordered) for value in values):
        raise UnverifiableError("the order of a map's keys")
    try:
        return function.call(*values)
    except TemplateError as error:
        raise TemplateError(f"error calling {name}: {error}") from error
    except (OverflowError, RecursionError) as error:
        raise UnverifiableError(f"the template function '{name}' on these values") from error


def check_count(name: str, function: Function, count: int) -> None:
    wanted = len(function.parameters)
    if function.rest and count < wanted - 1:
        raise TemplateError(f"wrong number of args for {name}: want at least {wanted - 1} got {count}")
    if not function.rest and count != wanted:
        raise TemplateError(f"wrong number of args for {name}: want {wanted} got {count}")


def typed(letter: str, value: Any) -> Any:
    """Check a computed value against the letter of its parameter."""
    if value is NOTHING or value is None:
        if letter == "a" or (letter == "m" and value is NOTHING):
            return None
        raise TemplateError(f"invalid value; expected {TYPES[letter]}")
    if not _fits(letter, value):
        raise TemplateError(f"wrong type for value; expected {TYPES[letter]}; got {type_name(value)}")
    return value


def _fits(letter: str, value: Any) -> bool:
    if letter == "a":
        return True
    if letter == "s":
        return isinstance(value, str)
    if letter == "m":
        return isinstance(value, dict) and not isinstance(value, StringMap)
    if letter == "i":
        return isinstance(value, int) and not isinstance(value, bool | Int64)
    return isinstance(value, float if letter == "f" else bool)


def literal(letter: str, node: Literal) -> Any:
    """Check a literal, which Go converts where a computed value would be refused."""
    kind = node.kind
    if letter == "a":
        return node.value
    if kind == "nil" and letter == "m":
        return None
    if kind == "string" and letter == "s":
        return node.value
    if kind == "bool" and letter == "b":
        return node.value
    if kind == "number" and letter == "f":
        return float(node.value)
    if kind == "number" and letter == "i" and node.value == int(node.value):
        return int(node.value)
    raise TemplateError(f"expected {TYPES[letter]}; found {node.text}")
