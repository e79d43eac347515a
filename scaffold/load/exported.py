"""What was exported from a cluster, as `kubectl get -o yaml` prints it."""

from __future__ import annotations

from typing import Any

from scaffold.load.kept import parts
from scaffold.model import mapping

_OF_SERVER = ("creationTimestamp", "resourceVersion", "uid")


def is_exported(documents: list[Any]) -> bool:
    """Tell whether every object of a file has what only the API server sets."""
    found = [mapping(part.get("metadata")) for data in documents for part in parts(data)]
    return bool(found) and all(metadata.get(field) for metadata in found for field in _OF_SERVER)
