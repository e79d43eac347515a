"""A kustomization without what a promotion changes every day."""

from __future__ import annotations

from collections.abc import Mapping

from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.model import SourceFile, sequence

_PROMOTABLE = frozenset(("newTag", "digest"))
_ANY = "any"


def without_promotables(file: SourceFile) -> SourceFile:
    """The file with every tag and digest of its `images` made one word, if it is a kustomization that has any."""
    first = next(iter(file.documents or ()), None)
    if not isinstance(first, Mapping) or "images" not in first:
        return file
    if file.path.rpartition("/")[2] not in KUSTOMIZATION_NAMES or file.documents is None:
        return file
    images = [_masked(entry) for entry in sequence(first["images"])] or first["images"]
    return file._replace(documents=({**first, "images": images}, *file.documents[1:]))


def _masked(entry: object) -> object:
    if not isinstance(entry, Mapping):
        return entry
    return {
        key: _ANY if key in _PROMOTABLE and value and isinstance(value, str) else value for key, value in entry.items()
    }
