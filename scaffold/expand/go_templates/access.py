"""How text/template looks into values: fields, iteration and printing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.expand.go_values import NOTHING, StringMap, TemplateError, Unordered, show, type_name
from scaffold.expand.unverifiable import UnverifiableError


def lookup(value: Any, name: str, missing: str) -> Any:
    """Give a field of a value; `missing` is what a key that is not there does."""
    if isinstance(value, dict):
        if name in value:
            return value[name]
        if missing == "error":
            raise TemplateError(f'map has no entry for key "{name}"', missing=True)
        return _zero(value) if missing == "zero" else NOTHING
    if value is NOTHING:
        if missing == "error":
            raise TemplateError(f'nil data; no entry for key "{name}"')
        return NOTHING
    if value is None:
        raise TemplateError(f"nil pointer evaluating interface {{}}.{name}")
    raise TemplateError(f"can't evaluate field {name} in type {type_name(value)}", missing=True)


def _zero(values: dict[str, Any]) -> str | None:
    return "" if isinstance(values, StringMap) else None


def printed(value: Any) -> str:
    """What an action writes."""
    if isinstance(value, Unordered):
        raise UnverifiableError("the order of a map's keys")
    return "<no value>" if value is NOTHING or value is None else show(value)


def items(value: Any) -> Iterator[tuple[Any, Any]]:
    """What `range` goes over, with its index or key."""
    if isinstance(value, Unordered):
        raise UnverifiableError("the order of a map's keys")
    if isinstance(value, Mapping):
        yield from sorted(value.items(), key=lambda item: item[0].encode())
    elif isinstance(value, list):
        yield from enumerate(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        for number in range(value):
            yield NOTHING, type(value)(number)
    elif value is not NOTHING:
        raise TemplateError(f"range can't iterate over {show(value)}")
