"""A finding about a rendered object to the file, line and column that set what it is about."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold.model import Finding, How, Identity, Overlay, Place, Pointer, Repository, dig
from scaffold.render import builders
from scaffold.validate.tracing import charts, hashes, levels, patches, setters, synced
from scaffold.validate.tracing.levels import Object
from scaffold.validate.tracing.origins import Origin, Origins
from scaffold.validate.tracing.texts import Texts


@dataclass
class Tracer:
    """Traces what was found in one overlay."""

    root: Path
    builder: builders.Builder
    overlay: Overlay
    repository: Repository
    texts: Texts

    def __post_init__(self) -> None:
        self._origins = Origins(self.root, self.builder, self.overlay, self.repository, self.texts)

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
        name, source = self._declared(identity), self._of_halves(finding, identity)
        told = self._told(identity, name, source)
        message = finding.message.replace(f"{identity.kind} {identity.name!r}", f"{identity.kind} {told!r}")
        message += self._given(identity, place, source) if message.endswith("a digest") else ""
        subject = finding.subject or "/".join(map(str, place.pointer))
        return Finding(
            source if source.overlay else source._replace(overlay=place.overlay),
            finding.rule,
            hashes.without(message, self._origins.generated),
            finding.severity,
            finding.confidence,
            f"{identity.kind}/{name}:{subject}",
            finding.related,
            finding.excuse,
            finding.remedy,
            finding.unless,
        )

    def _given(self, identity: Identity, place: Place, source: Place) -> str:
        """Where else to set the tag of an image that values name, if the application itself gives it."""
        manifest = next((m for m in self.overlay.manifests if m.identity == identity), None)
        name = charts.given(self.overlay, manifest, place.pointer, source) if manifest else ""
        return f", in parameter {name!r} of its application" if name else ""

    def _of_halves(self, finding: Finding, identity: Identity) -> Place:
        """The source of a finding's place, or of the other half of a conflict, where a patch brings that about."""
        first = self._source(finding.place, identity)
        other = self._source(finding.rather, identity) if finding.rather else first
        own = self._origins.path(identity)
        return other if first.path == own != other.path else first

    def _declared(self, identity: Identity) -> str:
        """The name that an object has in its file."""
        built = self.overlay.how in (How.KUSTOMIZE, How.FLUX)
        return (self._origins.origin(identity).name if built else "") or identity.name

    def _told(self, identity: Identity, name: str, source: Place) -> str:
        """The name that an object has in the file that is meant: a patch may give it another one than its base."""
        if name in identity.name:
            return name
        alike = (m.name for m in self.texts.manifests(source.path) if m.kind == identity.kind and m.name)
        return max((each for each in alike if each in identity.name), key=len, default=name)

    def _related(self, place: Place) -> Place:
        own = place.overlay == (self.overlay.name or ".")
        return self._source(place, place.identity) if own and place.identity else place

    def _source(self, place: Place, identity: Identity) -> Place:
        manifest = next((m for m in self.overlay.manifests if m.identity == identity), None)
        if manifest is None:
            return Place(self._entry())
        if self.overlay.how is How.HELM:
            return charts.source(self.texts, self.overlay, manifest, place.pointer, at_key=place.at_key)
        origin = self._origins.origin(identity)
        whole = _field(manifest.data, place.pointer)
        item = Object(manifest, whole, place.at_key, origin.name, place.pointer[len(whole) :])
        start, known = synced.start(self.overlay), self.repository.kustomizations
        chain = levels.chain(start, self._origins.path(identity), known, manifest)
        if self._is_own(origin, item):
            return self._in_origin(origin, place) or Place(self._entry())
        for level in chain:
            found = setters.source(level, item) or patches.source(self.texts, level, item)
            if found:
                return found
        return self._in_origin(origin, place) or Place(self._entry())

    def _is_own(self, origin: Origin, item: Object) -> bool:
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

    def _in_origin(self, origin: Origin, place: Place) -> Place | None:
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
