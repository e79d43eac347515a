"""What tells an object of one environment from that of another, as operations of RFC 6902."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Pointer


def operations(before: Any, after: Any, pointer: Pointer = ()) -> Iterator[dict[str, Any]]:
    """Operations that turn one value into another; lists of other lengths are replaced."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() - after.keys(), key=str):
            yield {"op": "remove", "path": _path((*pointer, key))}
        for key, value in after.items():
            if key in before:
                yield from operations(before[key], value, (*pointer, key))
            else:
                yield {"op": "add", "path": _path((*pointer, key)), "value": value}
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from operations(one, other, (*pointer, index))
    elif before != after or type(before) is not type(after):
        yield {"op": "replace", "path": _path(pointer), "value": after}


def _path(pointer: Pointer) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)
