"""What can be changed in a YAML text, and what its values are afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scaffold.model import Pointer

Value = str | int | bool


@dataclass(frozen=True)
class Set:
    """Give a scalar, or an empty value, another scalar; documents count from 0."""

    document: int
    pointer: Pointer
    value: Value


@dataclass(frozen=True)
class Rename:
    """Give the key that a pointer ends in another name."""

    document: int
    pointer: Pointer
    key: str


@dataclass(frozen=True)
class Add:
    """Add a value: the pointer's last part is a new key of a mapping, or the length of a list."""

    document: int
    pointer: Pointer
    value: Any


@dataclass(frozen=True)
class Remove:
    """Remove a key with its value, or an item of a list."""

    document: int
    pointer: Pointer


Change = Set | Rename | Add | Remove


def outcome(documents: list[Any], changes: Iterable[Change]) -> list[Any]:
    """What the documents hold after the changes; pointers are those of the documents as they were.

    Raises LookupError for a pointer that leads nowhere.
    """
    made: list[Any] = [_copy(document) for document in documents]
    # later positions first, so that nothing moves under a pointer; a key goes last, because values are found by it
    for change in sorted(changes, key=_order):
        _do(_parent(made[change.document], change.pointer), change)
    return made


def _order(change: Change) -> tuple[int, tuple[tuple[int, int], ...]]:
    rank = {Set: 0, Add: 1, Rename: 2, Remove: 3}[type(change)]
    return rank, tuple((0, -part) if isinstance(part, int) else (1, 0) for part in change.pointer)


def _copy(value: Any) -> Any:
    """A copy in which nothing is shared: an alias is a value of its own."""
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _parent(value: Any, pointer: Pointer) -> Any:
    for part in pointer[:-1]:
        value = value[part]
    return value


def _do(parent: Any, change: Change) -> None:
    last: Any = change.pointer[-1]
    if isinstance(change, Add):
        if isinstance(parent, list) and last == len(parent):
            parent.append(change.value)
        elif isinstance(parent, dict) and last not in parent:
            parent[last] = change.value
        else:
            raise KeyError(last)
    elif isinstance(change, Set):
        parent[last]  # it has to be there
        parent[last] = change.value
    elif isinstance(change, Rename):
        parent[change.key] = parent.pop(last)
    else:
        del parent[last]
