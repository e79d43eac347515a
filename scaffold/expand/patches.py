"""The strategic merge of `templatePatch` into an Application (k8s.io/apimachinery): maps merge, lists are replaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold.expand.go_values import TemplateError
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.model import Pointer

_MERGED_LISTS: frozenset[Pointer] = frozenset((("metadata", "finalizers"),))


def apply_patch(target: dict[str, Any], patch: Mapping[str, Any], at: Pointer = ()) -> dict[str, Any]:
    """Merge in place; null deletes. Raises UnverifiableError for merge directives."""
    for key, value in patch.items():
        if str(key).startswith("$"):
            raise UnverifiableError(f"the directive '{key}' in templatePatch")
        where = (*at, key)
        old = target.get(key)
        _refuse_nested_values(old, value, where)
        if value is None:
            target.pop(key, None)
        elif isinstance(value, Mapping):
            target[key] = _merged(old, value, where)
        elif where in _MERGED_LISTS and isinstance(old, list) and isinstance(value, list):
            target[key] = [*value, *(item for item in old if item not in value)]
        else:
            target[key] = value
    return target


def _refuse_nested_values(old: Any, value: Any, where: Pointer) -> None:
    """Inside a valuesObject that is there already the merge knows no types, so nothing nested can be merged."""
    nested = (isinstance(old, Mapping) and isinstance(value, Mapping)) or (
        isinstance(old, list) and isinstance(value, list)
    )
    if nested and "valuesObject" in where[:-1]:
        raise TemplateError(f"templatePatch cannot merge into '{where[-1]}' of a valuesObject that is there already")


def _merged(old: Any, value: Mapping[str, Any], where: Pointer) -> dict[str, Any]:
    return apply_patch(old if isinstance(old, dict) else {}, value, where)
