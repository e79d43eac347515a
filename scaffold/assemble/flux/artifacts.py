"""Artifacts that are parts of one source: what an ArtifactGenerator cuts out of a repository (source-watcher v2)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.model import Manifest, dig, mapping, sequence
from scaffold.model.flux import Reference
from scaffold.model.values import text

KIND = "ArtifactGenerator"
_GLOB = frozenset("*?[]{}\\")
_PLAIN = (None, "", "Overwrite")


class Cut(NamedTuple):
    """What an artifact holds: these directories of a source, by their paths below `start`."""

    source: Reference
    start: str
    directories: tuple[str, ...]


def of(generator: Manifest) -> Iterator[tuple[Reference, Cut | None]]:
    """Every artifact of a generator; None is for one that is put together, or takes single files."""
    for item in sequence(generator.get("spec", "artifacts")):
        yield (
            Reference("ExternalArtifact", generator.namespace, text(dig(item, "name"))),
            _cut(generator, mapping(item)),
        )


def _cut(generator: Manifest, item: Mapping[str, Any]) -> Cut | None:
    """All of its directories have to come from one source, and to stay where they are to each other."""
    copied = [_copied(mapping(entry)) for entry in sequence(item.get("copy"))]
    parts = [part for part in copied if part]
    origins = {(alias, start) for alias, start, _ in parts}
    if len(origins) != 1 or len(parts) != len(copied):
        return None
    alias, start = origins.pop()
    sources = (mapping(each) for each in sequence(generator.get("spec", "sources")) if dig(each, "alias") == alias)
    found = next(sources, {})
    source = Reference(
        text(found.get("kind")), text(found.get("namespace")) or generator.namespace, text(found.get("name"))
    )
    return Cut(source, start, tuple(directory for _, _, directory in parts))


def _copied(entry: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """The source, where the artifact's root is in it, and the directory; `a/**` copies what is in `a`, `a` itself."""
    alias, _, pattern = text(entry.get("from")).removeprefix("@").partition("/")
    inside = pattern.endswith("/**")
    directory = pattern.removesuffix("/**").strip("/")
    to = text(entry.get("to")).removeprefix("@artifact/")
    target = posixpath.normpath(to if inside else posixpath.join(to, posixpath.basename(directory)))
    target = "" if target == "." else target
    plain = directory and _GLOB.isdisjoint(directory) and not entry.get("exclude") and entry.get("strategy") in _PLAIN
    if not plain or not f"/{directory}".endswith(f"/{target}" if target else ""):
        return None
    return alias, directory[: len(directory) - len(target)].rstrip("/"), directory
