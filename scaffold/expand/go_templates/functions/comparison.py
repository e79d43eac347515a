"""eq, lt and their kin, default and its kin (Go 1.26 text/template, sprig 3.3)."""

from __future__ import annotations

from typing import Any

from scaffold.expand.go_templates.functions.signatures import Function, Table
from scaffold.expand.go_values import TemplateError, truth, type_name

_BAD = "incompatible types for comparison"


def _kind(value: Any) -> str:
    for python, kind in ((bool, "bool"), (str, "string"), (float, "float"), (int, "int")):
        if isinstance(value, python):
            return kind
    return ""


def _eq(first: Any, *others: Any) -> bool:
    if not others:
        raise TemplateError("missing argument for comparison")
    return any(_equal(first, other) for other in others[: _first_equal(first, others)])


def _first_equal(first: Any, others: tuple[Any, ...]) -> int:
    """How many are looked at: Go stops at the first that is equal."""
    for index, other in enumerate(others):
        if _equal(first, other):
            return index + 1
    return len(others)


def _equal(left: Any, right: Any) -> bool:
    if _kind(left) != _kind(right):
        if left is not None and right is not None:
            raise TemplateError(_BAD)
        return False
    if not _kind(left) and left is not None and right is not None:
        raise TemplateError(f"non-comparable types {type_name(left)}, {type_name(right)}")
    return bool(left == right)


def _lt(left: Any, right: Any) -> bool:
    if not _kind(left) or not _kind(right):
        raise TemplateError("invalid type for comparison")
    if _kind(left) != _kind(right):
        raise TemplateError(_BAD)
    if _kind(left) == "bool":
        raise TemplateError("invalid type for comparison")
    return bool(left < right)


def _le(left: Any, right: Any) -> bool:
    return _lt(left, right) or _equal(left, right)


def _default(fallback: Any, *given: Any) -> Any:
    return given[0] if given and given[0] else fallback


def _dig(*arguments: Any) -> Any:
    if len(arguments) < 3:
        raise TemplateError("dig needs at least three arguments")
    *names, fallback, value = arguments
    for index, name in enumerate(names):
        if type(value) is not dict and not _is_any_map(value):
            raise TemplateError(f"interface conversion: {type_name(value)} is no map[string]interface {{}}")
        if not isinstance(name, str):
            raise TemplateError(f"interface conversion: {type_name(name)} is no string")
        if name not in value:
            _require_strings(names[index + 1 :])
            return fallback
        value = value[name]
    return value


def _require_strings(names: list[Any]) -> None:
    for name in names:
        if not isinstance(name, str):
            raise TemplateError(f"interface conversion: {type_name(name)} is no string")


def _is_any_map(value: Any) -> bool:
    return type_name(value) == "map[string]interface {}"


def _kind_of(value: Any) -> str:
    return {"<nil>": "invalid"}.get(type_name(value), type_name(value).partition("[")[0] or "slice")


TABLE: Table = {
    "eq": Function("aa", _eq, rest=True),
    "ne": Function("aa", lambda left, right: not _equal(left, right)),
    "lt": Function("aa", _lt),
    "le": Function("aa", _le),
    "gt": Function("aa", lambda left, right: not _le(left, right)),
    "ge": Function("aa", lambda left, right: not _lt(left, right)),
    "not": Function("a", lambda value: not truth(value), takes_unordered=True),
    "default": Function("aa", _default, rest=True),
    "empty": Function("a", lambda value: not value, takes_unordered=True),
    "coalesce": Function("a", lambda *values: next((value for value in values if value), None), rest=True),
    "all": Function("a", lambda *values: all(values), rest=True),
    "any": Function("a", lambda *values: any(values), rest=True),
    "ternary": Function("aab", lambda yes, no, condition: yes if condition else no),
    "dig": Function("a", _dig, rest=True),
    "typeOf": Function("a", type_name),
    "typeIs": Function("sa", lambda name, value: type_name(value) == name),
    "typeIsLike": Function("sa", lambda name, value: name in {type_name(value), type_name(value).removeprefix("*")}),
    "kindOf": Function("a", _kind_of),
    "kindIs": Function("sa", lambda name, value: _kind_of(value) == name),
}
