"""How large an object may be that is applied on the client, as Argo CD 3.5 does without `ServerSideApply=true`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from scaffold.model import mapping

LIMIT = 262_144  # bytes of all annotations of an object together (Kubernetes 1.37)
_WIDEST = 6  # bytes that JSON makes of one character
_OTHERWISE = frozenset(("ServerSideApply=true", "Replace=true"))
_TEXTS = frozenset(("ConfigMap", "Secret"))
_DEFINITION = "CustomResourceDefinition"


def too_large(data: Mapping[str, Any]) -> bool:
    """Tell whether an object, written as JSON, does not fit into the annotation that remembers it.

    Only kinds that do get so large are looked at: config maps, secrets and definitions of kinds.
    """
    if data.get("kind") in _TEXTS:
        texts = (text for key in ("data", "stringData", "binaryData") for text in mapping(data.get(key)).values())
        return sum(len(str(text)) for text in texts) > LIMIT // _WIDEST and _size(data) > LIMIT
    return data.get("kind") == _DEFINITION and _size(data) > LIMIT


def avoids(options: Iterable[object]) -> bool:
    """Tell whether sync options, of an Application or an object, apply in a way that remembers nothing."""
    return any(str(option) in _OTHERWISE for option in options)


def _size(data: Mapping[str, Any]) -> int:
    """Bytes of the shortest JSON; the engine's own, with its tracking annotation and the final newline, is longer."""
    return len(json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).encode())
