"""The objects of files as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from scaffold import load
from scaffold.assemble import overlays
from scaffold.model import Manifest


def objects(root: Path, paths: Iterable[str]) -> Iterator[Manifest]:
    """What an engine would apply of files that nothing is built from; they keep their own places."""
    for path in paths:
        file = load.source_file(path, (root / path).read_bytes(), keep=True)
        parts = (part for manifest in file.manifests() for part in load.members(manifest))
        yield from (manifest for manifest in parts if overlays.is_object(manifest.api_version))
