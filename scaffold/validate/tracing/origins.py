"""Where the objects of an overlay are declared, which kustomize is asked once."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import load, parse
from scaffold.assemble.flux.builds import of, parsed
from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.errors import ScaffoldError
from scaffold.model import Identity, Manifest, Overlay, Place, Repository, dig, sequence
from scaffold.render import RenderError, builders, kustomize
from scaffold.render.generated import print_many
from scaffold.validate.tracing import hashes, synced
from scaffold.validate.tracing.texts import Texts


class Origin(NamedTuple):
    """Where an object is declared: its manifest in a file, or the entry of the generator that makes it."""

    name: str = ""
    manifest: Manifest | None = None
    entry: Place | None = None


@dataclass
class Origins:
    """Answers from what kustomize says of the overlay's objects, and from the files that it reads."""

    root: Path
    builder: builders.Builder
    overlay: Overlay
    repository: Repository
    texts: Texts
    _paths: dict[Identity, str] | None = None
    _known: dict[Identity, Origin] = field(default_factory=dict)

    def origin(self, identity: Identity) -> Origin:
        """Where an object is declared."""
        if identity not in self._known:
            self._known[identity] = self._find_origin(identity)
        return self._known[identity]

    def _find_origin(self, identity: Identity) -> Origin:
        path = self.path(identity)
        alike = [m for m in self.texts.manifests(path) if m.kind == identity.kind]
        declared = [m for m in alike if m.name in identity.name] or (alike if len(alike) == 1 else [])
        if declared:
            best = max(declared, key=lambda m: (len(m.name), m.namespace == identity.namespace))
            return Origin(best.name, best)
        entries = [entry for entry in self._entries(identity.kind) if entry[0] in identity.name]
        if entries:
            name, place = max(entries, key=lambda entry: (len(entry[0]), entry[1].path == path))
            return Origin(name, None, place)
        return Origin(entry=Place(path) if path else None)

    def path(self, identity: Identity) -> str:
        """The file that an object is from; empty where nothing tells."""
        if self._paths is None:
            try:
                found = self._listed()
            except ScaffoldError:
                found = []
            named = ((Manifest(data, "").identity, path) for data, path in found)
            self._paths = {identity: self._told(identity, path) for identity, path in named}
        return self._paths.get(identity, "")

    def _told(self, identity: Identity, path: str) -> str:
        """Where an object is from: what sets all of its annotations takes that away, and is named instead.

        What a generator makes is from the kustomization that it stands in, wherever that was written for the build.
        """
        there = bool(path) and (self.root / path).is_file()
        generated = identity.kind in hashes.GENERATORS
        if there and (generated or posixpath.basename(path) not in KUSTOMIZATION_NAMES):
            return path
        return self._declaring(identity) or (path if there or generated else "")

    def _declaring(self, identity: Identity) -> str:
        """The only file that the overlay reads which declares an object of a kind and a name; empty without one."""
        files = (self.repository.files.get(path) for path in self.overlay.reads)
        heads = ((file.path, head) for file in files if file for head in file.heads)
        found = {path for path, h in heads if (h.group, h.kind, h.name) == (identity[0], identity.kind, identity.name)}
        return found.pop() if len(found) == 1 else ""

    def _listed(self) -> list[tuple[Mapping[str, Any], str]]:
        build = self.overlay.build
        if build is None:
            return kustomize.origins(self.builder, self.root, self.overlay.path)
        written = {"": (self.overlay.path, of(self.repository, self.overlay.path, build))}
        printed = print_many(self.builder, self.root, written, origins=True)[""]
        if isinstance(printed, RenderError):
            return []
        plain = parse.rendered("---\n".join(printed))
        made = (parsed(text, build) for text in printed)
        items = [item if isinstance(item, dict) else before for item, before in zip(made, plain, strict=True)]
        return [(item, kustomize.taken_origin(item)) for item in items]

    def generated(self) -> list[str]:
        """The names that generators give before the hash."""
        return [name for kind in hashes.GENERATORS for name, _ in self._entries(kind)]

    def _entries(self, kind: str) -> Iterator[tuple[str, Place]]:
        field_ = hashes.GENERATORS.get(kind, "")
        start = synced.start(self.overlay)
        if not field_ or start not in self.repository.kustomizations:
            return
        for directory in load.closure(start, self.repository.kustomizations)[0]:
            level = self.repository.kustomizations[directory]
            for index, entry in enumerate(sequence(level.manifest.get(field_))):
                if isinstance(dig(entry, "name"), str):
                    yield entry["name"], level.place(field_, index, "name")
