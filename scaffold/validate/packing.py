"""Values of the model as JSON, and back: named tuples and dataclasses become lists of their fields."""

from __future__ import annotations

import dataclasses
import enum
import json
import types
import typing
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any


def packed(value: Any) -> str:
    """One line of JSON."""
    return json.dumps(value, default=_fields, separators=(",", ":"))


def _fields(value: Any) -> list[Any]:
    return [getattr(value, field.name) for field in dataclasses.fields(value)]


def unpacked(kind: Any, data: Any) -> Any:
    """The value of a type that JSON holds; raises ValueError where it holds another one."""
    return _reader(kind)(data)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        return _tuples(_reader(arguments[0]))
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        return _one_of([_reader(argument) for argument in arguments])
    if isinstance(kind, type) and (hasattr(kind, "_fields") or dataclasses.is_dataclass(kind)):
        hints = typing.get_type_hints(kind)
        names = getattr(kind, "_fields", None) or [field.name for field in dataclasses.fields(kind)]
        return _records(kind, [_reader(hints[name]) for name in names])
    return _scalars(kind)


def _tuples(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda data: tuple(read(item) for item in _list(data))


def _one_of(readers: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    def read(data: Any) -> Any:
        for reader in readers:
            try:
                return reader(data)
            except ValueError:
                continue
        raise ValueError(data)

    return read


def _records(kind: Callable[..., Any], readers: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    def read(data: Any) -> Any:
        return kind(*(reader(item) for reader, item in zip(readers, _list(data), strict=True)))

    return read


def _scalars(kind: Any) -> Callable[[Any], Any]:
    def read(data: Any) -> Any:
        if issubclass(kind, enum.Enum):
            return kind(data)
        if type(data) is not kind:
            raise ValueError(data)
        return data

    return read


def _list(data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise ValueError(data)  # noqa: TRY004  # one kind of error for all that does not fit
    return data
