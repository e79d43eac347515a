"""The files that tracing looks into, each read once."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scaffold import load, parse
from scaffold.model import Manifest, Place, Pointer, SourceFile
from scaffold.validate import locating


class Texts:
    """The YAML files below a root; one that cannot be read is as if it were empty."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._file = functools.lru_cache(maxsize=256)(self._read)
        self.template = functools.lru_cache(maxsize=256)(self._template)

    def documents(self, path: str) -> tuple[Any, ...]:
        return self._file(path).documents or ()

    def manifests(self, path: str) -> Iterator[Manifest]:
        """The manifests of a file, those in Lists too."""
        for manifest in self._file(path).manifests() if path else ():
            yield from load.members(manifest)

    def lines(self, path: str) -> list[str]:
        """The lines of a file as they stand; none where it cannot be read."""
        return locating.lines(self._root, path)

    def _template(self, path: str) -> list[Any]:
        """The documents of a template of a chart, with letters for what its actions become."""
        return parse.template("\n".join(self.lines(path))) if path else []

    def inside(self, place: Place, text: str, document: int, pointer: Pointer) -> Place:
        """The place of a field of YAML that stands in a block of text at a place; of the block where it is folded.

        Where the block is one of an object that an overlay makes, that is still to be traced, with the line in it.
        """
        if place.overlay:
            line, _ = parse.locate(text, document, pointer, at_key=place.at_key)
            return place._replace(pointer=(*place.pointer, line - 1), at_key=False)
        outer = locating.locate(self._root, place._replace(at_key=False))
        line, column = parse.locate(text, document, pointer, at_key=place.at_key)
        written = _line(locating.lines(self._root, place.path), outer.line + line)
        shown = _line(text.splitlines(), line)
        if not shown.strip() or written.strip() != shown.strip():
            return Place(place.path, line=outer.line, column=outer.column)
        return Place(place.path, line=outer.line + line, column=len(written.rstrip()) - len(shown.rstrip()) + column)

    def _read(self, path: str) -> SourceFile:
        try:
            return load.source_file(path, (self._root / path).read_bytes(), keep=True)
        except OSError:
            return SourceFile(path, "")


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""
