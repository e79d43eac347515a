"""The files that make the chosen overlays: their documents, and whether another overlay reads them too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import edit, parse
from scaffold.assemble import readers
from scaffold.bump.edits import Edit, Spot
from scaffold.errors import ScaffoldError
from scaffold.followed import State
from scaffold.model import Image, Overlay, Pointer, Repository, dig, sequence

_TEXTS = ("patches", "patchesJson6902", "patchesStrategicMerge")
_APPLICATIONS = frozenset(("Application", "ApplicationSet"))


class Document(NamedTuple):
    """A document and where it is edited."""

    spot: Spot
    data: Any


class Site(NamedTuple):
    """A place where an image is set for an overlay: its name for people, and what it holds now."""

    overlay: str
    spot: Spot
    pointer: Pointer
    before: Image

    def __str__(self) -> str:
        return f"{self.spot.path}, {'.'.join(map(str, self.pointer))}"


class Setting(NamedTuple):
    """A place that sets an image and the edits for another version; `note` says why they are made elsewhere."""

    site: Site
    edits: tuple[Edit, ...]
    note: str = ""


class Reading:
    """The repository's files as far as they are asked for; each is read once."""

    def __init__(self, root: Path, repository: Repository, chosen: Iterable[Overlay]) -> None:
        self.repository = repository
        self.root = root
        self._chosen = frozenset(overlay.path for overlay in chosen)
        self._texts: dict[str, str] = {}
        self._documents: dict[str, list[Any]] = {}

    @classmethod
    def of(cls, state: State, *chosen: Overlay) -> Reading:
        """The files of overlays as a state has them."""
        return cls(state.root, state.repository, chosen)

    def _readers(self, path: str) -> set[str]:
        return {overlay.path for overlay in readers.of(self.repository, path)}

    def text(self, path: str) -> str:
        """The text of a file without its byte order mark; nothing where it cannot be read."""
        if path not in self._texts:
            try:
                self._texts[path] = (self.root / path).read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError):
                self._texts[path] = ""
        return self._texts[path]

    def documents(self, path: str) -> list[Any]:
        """The documents of a file; none where it is no YAML."""
        if path not in self._documents:
            try:
                self._documents[path] = parse.documents(self.text(path), path)
            except ScaffoldError:
                self._documents[path] = []
        return self._documents[path]

    def is_owned(self, path: str) -> bool:
        """Tell whether only chosen overlays read a file."""
        return self._readers(path) <= self._chosen

    def place(self, item: Setting) -> str:
        """The file and line of what changes; the file alone where something is added to it."""
        site = item.site
        if item.edits and all(one.spot.path != site.spot.path for one in item.edits):
            return item.edits[0].spot.path
        if any(isinstance(one.change, edit.Add) for one in item.edits):
            return site.spot.path
        document, pointer = site.spot.within or (site.spot.document, site.pointer)
        line, _ = parse.locate(self.text(site.spot.path), document, pointer)
        return f"{site.spot.path}:{line}"

    def is_chosen(self, overlay: str) -> bool:
        return overlay in self._chosen

    def others(self, path: str) -> list[str]:
        """The overlays that read a file too and are not chosen."""
        return sorted(self._readers(path) - self._chosen)

    def each(self, path: str) -> Iterator[Document]:
        """The documents of a file, and those in the texts of a kustomization's patches or of an application."""
        for number, data in enumerate(self.documents(path)):
            yield Document(Spot(path, number), data)
            if dig(data, "kind") in _APPLICATIONS:
                for values in _values(data, ()):
                    yield from self.within(path, number, values)
            for field in _TEXTS:
                for index, item in enumerate(sequence(dig(data, field))):
                    pointer: Pointer = (field, index) if isinstance(item, str) else (field, index, "patch")
                    yield from self.within(path, number, pointer)

    def within(self, path: str, number: int, pointer: Pointer) -> Iterator[Document]:
        """The documents of a text in a document."""
        text = dig(self.documents(path)[number], *pointer)
        if not isinstance(text, str) or "\n" not in text:
            return
        try:
            inner = parse.parse(text).documents
        except parse.YamlError:
            return
        for index, data in enumerate(inner):
            yield Document(Spot(path, index, (number, pointer)), data)


def _values(value: Any, pointer: Pointer) -> Iterator[Pointer]:
    """Where a Helm source writes its values as a text."""
    if isinstance(value, Mapping):
        if isinstance(dig(value, "helm", "values"), str):
            yield (*pointer, "helm", "values")
        for key, item in value.items():
            yield from _values(item, (*pointer, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _values(item, (*pointer, index))
