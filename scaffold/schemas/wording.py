"""The words for one broken rule of a schema: the fact and the remedy, never a secret."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from scaffold.model import Pointer, dig

_SENSITIVE = re.compile(r"pass|secret|token|credential|api_?key|private", re.IGNORECASE)
_SUFFIXES = "[KMGTPE]i"  # in the patterns of quantities
_LONGEST = 40  # characters of a value that a message may show
_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "a mapping",
    "string": "a string",
}


class Problem(NamedTuple):
    """One error of the validator, with the schema that it broke."""

    keyword: str
    pointer: Pointer
    schema: Mapping[str, Any]
    document: Any

    @property
    def limit(self) -> Any:
        return self.schema.get(self.keyword)

    @property
    def value(self) -> Any:
        return dig(self.document, *self.pointer)


def where(problem: Problem, pointer: Pointer | None = None) -> str:
    """Name a place in the object: `spec.template of Deployment`."""
    path = ""
    for part in problem.pointer if pointer is None else pointer:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    kind = dig(problem.document, "kind")
    return f"{path} of {kind}" if path else str(kind)


def say(problem: Problem) -> str:
    """Put a value that does not fit into words."""
    return _SAYINGS.get(problem.keyword, _unfit)(problem)


def _type(problem: Problem) -> str:
    wanted = problem.limit if isinstance(problem.limit, list) else [problem.limit]
    names = " or ".join(_TYPES[name] for name in wanted if name != "null")
    fact = _placed(problem, f"is {_kind(problem.value)}")
    return f"{fact} where {names} is needed; {_cure(problem.value, wanted)}"


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if value is None:
        return "empty"
    names = {str: "a string", int: "an integer", float: "a fraction", list: "a list"}
    return names.get(type(value), "a mapping")


def _cure(value: Any, wanted: list[str]) -> str:
    if "string" in wanted and isinstance(value, bool | int | float):
        return "quote it"
    if isinstance(value, str) and _reads_as(value, wanted):
        return "drop the quotes"
    if "array" in wanted:
        return "write it as a list, each item after a dash"
    if "object" in wanted:
        return "write it as fields and values" if not isinstance(value, list) else "drop the dash"
    return f"write {_TYPES[wanted[0]]}"


def _reads_as(value: str, wanted: list[str]) -> bool:
    number = "integer" in wanted and re.fullmatch(r"[+-]?\d+", value)
    fraction = "number" in wanted and re.fullmatch(r"[+-]?\d+(\.\d+)?", value)
    return bool(number or fraction or ("boolean" in wanted and value in {"true", "false"}))


def _enum(problem: Problem) -> str:
    allowed = [str(value) for value in problem.limit if value is not None]
    near = difflib.get_close_matches(str(problem.value), allowed, n=1)
    remedy = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(allowed) or 'none'}"
    return f"{_placed(problem, 'is not allowed')}; {remedy}"


def _pattern(problem: Problem) -> str:
    pattern = str(problem.limit)
    if "[A-Za-z0-9+/][\\r\\n]*" in pattern:
        return f"{_shown(problem)} is not base64; encode it, or use stringData in a Secret"
    if pattern.startswith("^") and _SUFFIXES in pattern:
        return f"{_shown(problem)} is no quantity; write a number and a suffix such as m, Ki, Mi or Gi"
    return f"{_placed(problem, 'has a wrong form')}; it has to match {pattern}"


def _bound(problem: Problem) -> str:
    word = "least" if "inimum" in problem.keyword else "most"
    verb = "be above" if "exclusiveMin" in problem.keyword else "be below" if "exclusiveMax" in problem.keyword else ""
    return f"{_placed(problem, 'is out of range')}; it has to {verb or f'be at {word}'} {problem.limit}"


def _size(problem: Problem) -> str:
    few = problem.keyword.startswith("min")
    unit = {"Length": "character", "Items": "item", "Properties": "field"}[problem.keyword[3:]]
    count = f"{problem.limit} {unit}{'' if problem.limit == 1 else 's'}"
    excess, side = ("few", "least") if few else ("many", "most")
    return f"{_named(problem)} has too {excess} {unit}s; it takes at {side} {count}"


def _twice(problem: Problem) -> str:
    return f"an item stands twice in {where(problem)}; remove one of them"


def _unfit(problem: Problem) -> str:
    return f"{_named(problem)} has none of the forms it may have; see the reference of its kind"


def _placed(problem: Problem, fact: str) -> str:
    """A fact of a value that is shown, with its field, or of the value of a field."""
    shown = _shown(problem)
    return f"{shown} {fact}" if shown == _named(problem) else f"{shown} {fact} in {where(problem)}"


def _shown(problem: Problem) -> str:
    """Show the value, unless it could be a secret."""
    value = problem.value
    shown = repr(value)
    hidden = value is None or len(shown) > _LONGEST or _may_be_secret(problem, problem.pointer)
    return _named(problem) if hidden or isinstance(value, list | dict) else shown


def _named(problem: Problem) -> str:
    return f"the value of {where(problem)}"


def _may_be_secret(problem: Problem, pointer: Pointer) -> bool:
    names = [str(part) for part in pointer if isinstance(part, str)]
    names.append(str(dig(problem.document, *pointer[:-1], "name") or ""))  # the `name` beside an environment's `value`
    return dig(problem.document, "kind") in {"Secret", "SecretList"} or any(_SENSITIVE.search(name) for name in names)


_SAYINGS: dict[str, Callable[[Problem], str]] = {
    "enum": _enum,
    "exclusiveMaximum": _bound,
    "exclusiveMinimum": _bound,
    "maxItems": _size,
    "maxLength": _size,
    "maxProperties": _size,
    "maximum": _bound,
    "minItems": _size,
    "minLength": _size,
    "minProperties": _size,
    "minimum": _bound,
    "pattern": _pattern,
    "type": _type,
    "uniqueItems": _twice,
}
