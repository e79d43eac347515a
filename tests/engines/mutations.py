"""Manifests with one thing wrong, made from good ones: the same ones for the same number."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

# Below these the names are the user's, or anything goes.
_OPEN = frozenset(
    "annotations binaryData capacity data default defaultRequest elements expr hard labels limits matchLabels max "
    "nodeSelector openAPIV3Schema parameters requests selector status stringData valuesObject values".split()
)


class Mutation(NamedTuple):
    """A manifest with one thing wrong, and what was done to it."""

    what: str
    manifest: Mapping[str, Any]


class _Place(NamedTuple):
    """A field of a manifest: the keys that lead to it."""

    path: tuple[str | int, ...]
    value: Any


def mutations(manifest: Mapping[str, Any], number: int, seed: int) -> Iterator[Mutation]:
    """Some mutations of a manifest: a misspelt field, a value of another type, a field taken away, in turn."""
    rng = random.Random(f"{seed} {manifest['kind']} {manifest['metadata'].get('name')}")
    places = list(_places(manifest, ()))
    for index in range(number):
        change = (_misspell, _retype, _remove)[(index + seed) % 3]
        place = rng.choice(places)
        changed = copy.deepcopy(dict(manifest))
        what = change(changed, place)
        yield Mutation(f"{manifest['kind']} {'.'.join(map(str, place.path))} {what}", changed)


def _places(value: Any, path: tuple[str | int, ...]) -> Iterator[_Place]:
    """The fields below `spec` and its like that a schema knows."""
    if path:
        yield _Place(path, value)
    if path and path[-1] in _OPEN:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            if path or key not in {"apiVersion", "kind", "metadata", "status"}:
                yield from _places(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _places(item, (*path, index))


def _misspell(manifest: Any, place: _Place) -> str:
    """A key loses its last letter; an element of a list becomes a mapping that nobody knows."""
    parent, key = _parent(manifest, place)
    if isinstance(key, int):
        parent[key] = {"unknown": 1}
        return "is a mapping of something unknown"
    parent[key[:-1] + "_"] = parent.pop(key)
    return "is misspelt"


def _retype(manifest: Any, place: _Place) -> str:
    parent, key = _parent(manifest, place)
    parent[key] = {"str": {"a": "b"}, "int": "many", "bool": "perhaps", "dict": "text", "list": "text"}.get(
        type(place.value).__name__, [1]
    )
    return f"is {parent[key]!r}"


def _remove(manifest: Any, place: _Place) -> str:
    parent, key = _parent(manifest, place)
    del parent[key]
    return "is gone"


def _parent(manifest: Any, place: _Place) -> tuple[Any, Any]:
    value = manifest
    for key in place.path[:-1]:
        value = value[key]
    return value, place.path[-1]
