"""What the patches that stand in a kustomization set of Argo CD's config maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import parse
from scaffold.assemble.argocd_settings.objects import OPERATED, given
from scaffold.assemble.argocd_settings.settings import NAMES, Settings, Within
from scaffold.model import Pointer, dig, mapping, sequence

_FIELDS = ("patches", "patchesJson6902", "patchesStrategicMerge")
_SETTING = ("add", "replace")


def of_kustomization(path: str, index: int, data: Mapping[str, Any]) -> Iterator[Settings]:
    """Each config map that a patch on the spot sets something of."""
    for field in _FIELDS:
        for number, entry in enumerate(sequence(data.get(field))):
            text = entry if isinstance(entry, str) else dig(entry, "patch")
            if isinstance(text, str) and _is_meant(text, mapping(dig(entry, "target"))):
                pointer: Pointer = (field, number) if isinstance(entry, str) else (field, number, "patch")
                yield from _of_patch(path, index, pointer, text, mapping(dig(entry, "target")))


def _is_meant(text: str, target: Mapping[str, Any]) -> bool:
    """Tell, before anything is parsed, whether a patch may be about them."""
    words = (str(target.get("kind")), str(target.get("name")), text)
    return any(name in word for name in (OPERATED, *NAMES) for word in words)


def _of_patch(path: str, index: int, at: Pointer, text: str, target: Mapping[str, Any]) -> Iterator[Settings]:
    try:
        documents = parse.parse(text).documents
    except parse.YamlError:
        return  # of which another rule speaks
    for number, document in enumerate(documents):
        data, stands = _operated(document) if isinstance(document, list) else (mapping(document), {})
        kind, name = (target.get("kind") or data.get("kind")), target.get("name") or dig(data, "metadata", "name")
        for settings, keys in given(str(kind), str(name), data):
            values = {key: value for key, (value, _) in keys.items()}
            places = {key: _moved(pointer, stands) for key, (_, pointer) in keys.items()}
            yield Settings(settings, values, path, index, places, Within(at, text, number))


def _operated(operations: list[Any]) -> tuple[dict[str, Any], dict[Pointer, Pointer]]:
    """What operations of a JSON patch set, as an object, and in which of them each part of it stands."""
    data: dict[str, Any] = {}
    stands: dict[Pointer, Pointer] = {}
    for index, operation in enumerate(operations):
        path = dig(operation, "path")
        if isinstance(path, str) and dig(operation, "op") in _SETTING:
            parts = [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]
            inner: Any = data
            for part in parts[:-1]:
                inner = inner.setdefault(part, {}) if isinstance(inner, dict) else {}
            if parts and isinstance(inner, dict):
                inner[parts[-1]] = dig(operation, "value")
                stands[tuple(parts)] = (index, "value")
    return data, stands


def _moved(pointer: Pointer, stands: Mapping[Pointer, Pointer]) -> Pointer:
    """Where a part of the object stands in the patch."""
    for length in range(len(pointer), 0, -1):
        if pointer[:length] in stands:
            return (*stands[pointer[:length]], *pointer[length:])
    return pointer
