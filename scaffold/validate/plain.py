"""The objects of files as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from scaffold import load
from scaffold.assemble import overlays
from scaffold.model import Manifest

_DIRECTIVE = "$patch"  # what has it is a patch, be it listed or not


def objects(root: Path, paths: Iterable[str]) -> Iterator[Manifest]:
    """What an engine would apply of files that nothing is built from; they keep their own places."""
    for path in paths:
        file = load.source_file(path, (root / path).read_bytes(), keep=True)
        parts = (part for manifest in file.manifests() for part in load.members(manifest))
        yield from (m for m in parts if overlays.is_object(m.api_version) and _DIRECTIVE not in m.data)
