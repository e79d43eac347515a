"""From a field of a rendered object back to the file, line and column that set it."""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import load, parse
from scaffold.assemble import bodies
from scaffold.assemble.flux.builds import of, parsed
from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.errors import ScaffoldError
from scaffold.model import (
    Finding,
    How,
    Identity,
    LocatedFinding,
    Manifest,
    Overlay,
    Place,
    Pointer,
    Repository,
    dig,
    sequence,
)
from scaffold.render import RenderError, builders, kustomize
from scaffold.render.generated import print_many
from scaffold.validate import locating
from scaffold.validate.tracing import charts, hashes, levels, patches, setters, synced
from scaffold.validate.tracing.levels import Object
from scaffold.validate.tracing.texts import Texts


def located(
    root: Path,
    builder: builders.Builder,
    overlay: Overlay,
    repository: Repository,
    findings: Iterable[Finding],
    copy: Path | None = None,
) -> list[LocatedFinding]:
    """Locate the findings of one overlay, asking kustomize once where its objects came from.

    It may have to ask of a copy of the repository, since the overlay cannot be built as it is.
    """
    tracer = _Tracer(copy or root, builder, overlay, synced.levels(overlay, repository), Texts(root))
    return list(locating.in_files(root, (tracer.traced(finding) for finding in findings)))


def through_builds(
    root: Path, builder: builders.Builder, repository: Repository, findings: Iterable[Finding]
) -> Iterator[Finding]:
    """Trace findings about objects of engines to what sets them above their files; others are given as they are.

    What a chart makes is traced to the values that set it.
    """
    patched = {manifest.overlay for manifest in repository.patched}
    overlays = {overlay.name or ".": overlay for overlay in repository.overlays.values()}
    built = {
        name: overlay
        for name, overlay in overlays.items()
        if overlay.build or name in patched or overlay.how is How.KUSTOMIZE
    }
    charted = {(item.overlay, item.identity): item for item in repository.charted}
    releases = {item.path or ".": item for item in overlays.values() if item.how is How.HELM}
    tracers: dict[str, _Tracer] = {}
    for finding in findings:
        overlay = built.get(finding.place.overlay) if finding.place.identity else None
        made = charted.get((finding.place.overlay, finding.place.identity)) if finding.place.identity else None
        if overlay is None:
            release = releases.get(finding.place.overlay)
            yield _of_values(Texts(root), release, made, finding) if release and made else finding
            continue
        if overlay.name not in tracers:
            objects = [*repository.patched, *(m for cluster in repository.flux for m in cluster.objects)]
            own = (m for m in objects if m.overlay and m.overlay == finding.place.overlay)
            kept = (bodies.read(overlay, item) for item in overlay.objects if item.body)
            full = dataclasses.replace(overlay, manifests=(*own, *kept))
            tracers[overlay.name] = _Tracer(root, builder, full, synced.levels(full, repository), Texts(root))
        yield tracers[overlay.name].traced(finding)


def _of_values(texts: Texts, release: Overlay, made: Manifest, finding: Finding) -> Finding:
    place = finding.place
    found = charts.source(texts, release, made, place.pointer, at_key=place.at_key)
    return finding._replace(place=found._replace(overlay=place.overlay))


class _Origin(NamedTuple):
    """Where an object is declared: its manifest in a file, or the entry of the generator that makes it."""

    name: str = ""
    manifest: Manifest | None = None
    entry: Place | None = None


@dataclass
class _Tracer:
    root: Path
    builder: builders.Builder
    overlay: Overlay
    repository: Repository
    texts: Texts
    _paths: dict[Identity, str] | None = None
    _known: dict[Identity, _Origin] = field(default_factory=dict)

    def traced(self, finding: Finding) -> Finding:
        """The finding with a place in a file, in the words of that file.

        The object's name there has neither prefix nor suffix, so a flaw of a base is one finding in every overlay; and
        the subject keeps the object and the field, whatever the lines become.
        """
        place = finding.place
        finding = finding._replace(related=tuple(map(self._related, finding.related)))
        if not place.overlay or place.identity is None:
            return finding
        identity = place.identity
        name = (self._origin(identity).name if self.overlay.how in (How.KUSTOMIZE, How.FLUX) else "") or identity.name
        message = finding.message.replace(f"{identity.kind} {identity.name!r}", f"{identity.kind} {name!r}")
        subject = finding.subject or "/".join(map(str, place.pointer))
        return Finding(
            self._source(place, identity)._replace(overlay=place.overlay),
            finding.rule,
            hashes.without(message, self._made),
            finding.severity,
            finding.confidence,
            f"{identity.kind}/{name}:{subject}",
            finding.related,
            finding.excuse,
            finding.remedy,
            finding.unless,
        )

    def _related(self, place: Place) -> Place:
        own = place.overlay == (self.overlay.name or ".")
        return self._source(place, place.identity) if own and place.identity else place

    def _source(self, place: Place, identity: Identity) -> Place:
        manifest = next((m for m in self.overlay.manifests if m.identity == identity), None)
        if manifest is None:
            return Place(self._entry())
        if self.overlay.how is How.HELM:
            return charts.source(self.texts, self.overlay, manifest, place.pointer, at_key=place.at_key)
        origin = self._origin(identity)
        whole = _field(manifest.data, place.pointer)
        item = Object(manifest, whole, place.at_key, origin.name, place.pointer[len(whole) :])
        chain = levels.chain(synced.start(self.overlay), self._path(identity), self.repository.kustomizations, manifest)
        if self._is_own(origin, item):
            return self._in_origin(origin, place) or Place(self._entry())
        for level in chain:
            found = setters.source(level, item) or patches.source(self.texts, level, item)
            if found:
                return found
        return self._in_origin(origin, place) or Place(self._entry())

    def _is_own(self, origin: _Origin, item: Object) -> bool:
        """A mapping or a list that the object's own file holds is that file's, though patches may add to it."""
        if origin.manifest is None or not isinstance(dig(item.manifest.data, *item.pointer), Mapping | list):
            return False
        mapped, complete = patches.follow(origin.manifest.data, item.manifest.data, item.pointer)
        start, known = synced.start(self.overlay), self.repository.kustomizations
        removed = levels.chain(start, origin.manifest.path, known, item.manifest)
        return complete and bool(mapped) and not any(patches.removes(self.texts, level, item) for level in removed)

    def _entry(self) -> str:
        item = self.repository.kustomizations.get(self.overlay.path)
        if item is None and self.overlay.build:
            return self.overlay.build.manifest.path
        return item.manifest.path if item else posixpath.join(self.overlay.path, "Chart.yaml")

    def _path(self, identity: Identity) -> str:
        if self._paths is None:
            try:
                found = self._origins()
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

    def _origins(self) -> list[tuple[Mapping[str, Any], str]]:
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

    def _origin(self, identity: Identity) -> _Origin:
        if identity not in self._known:
            self._known[identity] = self._find_origin(identity)
        return self._known[identity]

    def _find_origin(self, identity: Identity) -> _Origin:
        path = self._path(identity)
        alike = [m for m in self.texts.manifests(path) if m.kind == identity.kind]
        declared = [m for m in alike if m.name in identity.name] or (alike if len(alike) == 1 else [])
        if declared:
            best = max(declared, key=lambda m: (len(m.name), m.namespace == identity.namespace))
            return _Origin(best.name, best)
        entries = [entry for entry in self._entries(identity.kind) if entry[0] in identity.name]
        if entries:
            name, place = max(entries, key=lambda entry: (len(entry[0]), entry[1].path == path))
            return _Origin(name, None, place)
        return _Origin(entry=Place(path) if path else None)

    def _made(self) -> list[str]:
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

    def _in_origin(self, origin: _Origin, place: Place) -> Place | None:
        if origin.manifest is None:
            return origin.entry
        rendered: Any = next(m.data for m in self.overlay.manifests if m.identity == place.identity)
        whole = _field(rendered, place.pointer)
        mapped, _ = patches.follow(origin.manifest.data, rendered, whole)
        same = dig(origin.manifest.data, *mapped) == dig(rendered, *whole)
        line = place.pointer[len(whole) :] if same else ()
        return origin.manifest.place(*mapped, *line, at_key=place.at_key and len(mapped) == len(place.pointer))


def _field(data: Mapping[str, Any], pointer: Pointer) -> Pointer:
    """A field without the line of its text that is meant."""
    return pointer[:-1] if pointer and isinstance(dig(data, *pointer[:-1]), str) else pointer
