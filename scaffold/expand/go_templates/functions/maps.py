"""Functions on maps; only a map made in the template may be changed, because parameters outlive one string."""

from __future__ import annotations

import copy
from typing import Any

from scaffold.expand.go_templates.functions.signatures import Function, Table
from scaffold.expand.go_values import Fresh, StringList, TemplateError, Unordered, show
from scaffold.expand.merges import overlay, underlay
from scaffold.expand.unverifiable import UnverifiableError

_Map = dict[str, Any] | None


def _changeable(value: _Map, name: str) -> Fresh:
    if not isinstance(value, Fresh):
        raise UnverifiableError(f"the template function '{name}' on a map that is not made in the template")
    return value


def _dict(*pairs: Any) -> Fresh:
    keys = [show(key) for key in pairs[::2]]
    values = [*pairs[1::2], ""] if len(pairs) % 2 else pairs[1::2]
    return Fresh(zip(keys, values, strict=True))


def _get(values: _Map, key: str) -> Any:
    return (values or {}).get(key, "")


def _set(values: _Map, key: str, value: Any) -> Any:
    changed = _changeable(values, "set")
    changed[key] = value
    return changed


def _unset(values: _Map, key: str) -> Any:
    changed = _changeable(values, "unset")
    changed.pop(key, None)
    return changed


def _keys(*maps: _Map) -> list[Any]:
    keys = [key for values in maps for key in values or {}]
    return Unordered(keys) if len(keys) > 1 else StringList(keys)


def _values(values: _Map) -> list[Any]:
    found = list((values or {}).values())
    return Unordered(found) if len(found) > 1 else found


def _merge(target: _Map, *sources: _Map) -> Any:
    changed = _changeable(target, "merge")
    for source in sources:
        underlay(changed, copy.deepcopy(source or {}))
    return changed


def _merge_overwrite(target: _Map, *sources: _Map) -> Any:
    changed = _changeable(target, "mergeOverwrite")
    for source in sources:
        overlay(changed, copy.deepcopy(source or {}))
    return changed


def _pick(values: _Map, *keys: str) -> Fresh:
    return Fresh({key: values[key] for key in keys if values and key in values})


def _omit(values: _Map, *keys: str) -> Fresh:
    return Fresh({key: value for key, value in (values or {}).items() if key not in keys})


def _deep_copy(value: Any) -> Any:
    if value is None:
        raise TemplateError("reflect: call of reflect.Value.Type on zero Value")
    copied = copy.deepcopy(value)
    return Fresh(copied) if type(copied) is dict else copied


def _pluck(key: str, *maps: _Map) -> list[Any]:
    return [values[key] for values in maps if values and key in values]


TABLE: Table = {
    "dict": Function("a", _dict, rest=True),
    "get": Function("ms", _get),
    "set": Function("msa", _set),
    "unset": Function("ms", _unset),
    "hasKey": Function("ms", lambda values, key: key in (values or {})),
    "pluck": Function("sm", _pluck, rest=True),
    "keys": Function("m", _keys, rest=True),
    "values": Function("m", _values),
    "pick": Function("ms", _pick, rest=True),
    "omit": Function("ms", _omit, rest=True),
    "merge": Function("mm", _merge, rest=True),
    "mustMerge": Function("mm", _merge, rest=True),
    "mergeOverwrite": Function("mm", _merge_overwrite, rest=True),
    "mustMergeOverwrite": Function("mm", _merge_overwrite, rest=True),
    "deepCopy": Function("a", _deep_copy),
    "mustDeepCopy": Function("a", _deep_copy),
}
