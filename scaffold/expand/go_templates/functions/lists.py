"""Functions on lists, and index and len (Go 1.26 text/template, sprig 3.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scaffold.expand.go_templates.functions.signatures import Function, Table
from scaffold.expand.go_templates.functions.text import strings
from scaffold.expand.go_values import NilList, StringList, StringMap, TemplateError, show, type_name
from scaffold.expand.unverifiable import UnverifiableError


def _index(item: Any, *indexes: Any) -> Any:
    if item is None:
        raise TemplateError("index of untyped nil")
    for index in indexes:
        item = _item(item, index)
    return item


def _item(item: Any, index: Any) -> Any:
    if item is None:
        raise TemplateError("index of nil pointer")
    if isinstance(item, dict):
        if not isinstance(index, str):
            raise TemplateError(f"value has type {type_name(index)}; should be string")
        return item.get(index, "" if isinstance(item, StringMap) else None)
    if not isinstance(item, list | str):
        raise TemplateError(f"can't index item of type {type_name(item)}")
    if isinstance(index, bool) or not isinstance(index, int):
        raise TemplateError(f"cannot index slice/array with type {type_name(index)}")
    size = len(item.encode()) if isinstance(item, str) else len(item)
    if not 0 <= index < size:
        raise TemplateError(f"index out of range: {index}")
    if isinstance(item, str):
        raise UnverifiableError("one byte of a text")
    return item[index]


def _length(item: Any) -> int:
    if isinstance(item, str):
        return len(item.encode())
    if not isinstance(item, list | dict):
        raise TemplateError(f"len of type {type_name(item)}")
    return len(item)


def _on_list(call: Callable[..., Any], *, last: bool = False) -> Callable[..., Any]:
    """Refuse what is no list; the list is the first argument or the last."""

    def checked(*arguments: Any) -> Any:
        if not isinstance(arguments[-1 if last else 0], list):
            raise TemplateError(f"not a list: {type_name(arguments[-1 if last else 0])}")
        return call(*arguments)

    return checked


def _same(left: Any, right: Any) -> bool:
    """Compare as reflect.DeepEqual does: types count."""
    if type_name(left) != type_name(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    return bool(left == right)


def _contained(needle: Any, values: list[Any]) -> bool:
    return any(_same(needle, value) for value in values)


def _uniq(values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if not _contained(value, found):
            found.append(value)
    return found


def _slice(values: Any, *limits: Any) -> Any:
    if not isinstance(values, list):
        raise TemplateError(f"list should be type of slice or array but {type_name(values)}")
    if not values:
        return None
    if not all(type(limit) is int for limit in limits):
        raise UnverifiableError("the template function 'slice' with other limits than whole numbers")
    start = limits[0] if limits else 0
    end = limits[1] if len(limits) > 1 else len(values)
    if not 0 <= start <= end <= len(values):
        raise TemplateError("reflect.Value.Slice: slice index out of bounds")
    return type(values)(values[start:end])


def _has(needle: Any, haystack: Any) -> bool:
    if haystack is None:
        return False
    if not isinstance(haystack, list):
        raise TemplateError(f"cannot find has on type {type_name(haystack)}")
    return _contained(needle, haystack)


def _concat(*lists: Any) -> list[Any]:
    if not all(isinstance(values, list) for values in lists):
        raise TemplateError("cannot concat what is no list")
    return [item for values in lists for item in values] or NilList()


def _sorted(value: Any) -> StringList:
    parts = strings(value) if isinstance(value, list) else [show(value)]
    return StringList(sorted(parts, key=str.encode))


TABLE: Table = {
    "index": Function("aa", _index, rest=True),
    "len": Function("a", _length, takes_unordered=True),
    "list": Function("a", lambda *values: list(values), rest=True),
    "tuple": Function("a", lambda *values: list(values), rest=True),
    "append": Function("aa", _on_list(lambda values, item: [*values, item])),
    "prepend": Function("aa", _on_list(lambda values, item: [item, *values])),
    "first": Function("a", _on_list(lambda values: values[0] if values else None)),
    "last": Function("a", _on_list(lambda values: values[-1] if values else None)),
    "rest": Function("a", _on_list(lambda values: list(values[1:]) if values else NilList())),
    "initial": Function("a", _on_list(lambda values: list(values[:-1]) if values else NilList())),
    "reverse": Function("a", _on_list(lambda values: list(reversed(values)))),
    "compact": Function("a", _on_list(lambda values: [value for value in values if value])),
    "uniq": Function("a", _on_list(_uniq)),
    "without": Function("aa", _on_list(lambda v, *drop: [x for x in v if not _contained(x, list(drop))]), rest=True),
    "has": Function("aa", _has, takes_unordered=True),
    "slice": Function("aa", _slice, rest=True),
    "concat": Function("a", _concat, rest=True),
    "sortAlpha": Function("a", _sorted, takes_unordered=True),
    "deepEqual": Function("aa", _same),
}
TABLE["push"] = TABLE["append"]
_WITH_ERROR = "append compact first has initial last prepend push rest reverse slice uniq without".split()
for _name in _WITH_ERROR:
    TABLE["must" + _name[0].upper() + _name[1:]] = TABLE[_name]
