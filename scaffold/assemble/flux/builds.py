"""The objects that Kustomizations of Flux make, built while it is still open what else there is to build."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scaffold import load, parse
from scaffold.assemble.flux import sound
from scaffold.assemble.references import unhashed
from scaffold.expand.flux import substitution
from scaffold.expand.flux.generated import generated
from scaffold.model import Build, Generated, Head, Manifest, Place, Repository, SourceFile
from scaffold.render import NotRenderedError, RenderError, kustomize, parts
from scaffold.render.builders import Builder
from scaffold.render.generated import print_many


@dataclass(frozen=True)
class Built(Manifest):
    """An object as the cluster has it; what its own file does not set stands where `overlay` sets it."""

    origin: Manifest | None = None
    maker: Manifest | None = None

    def place(self, *pointer: str | int, at_key: bool = False) -> Place:
        if self.origin and (not self.overlay or _is_as_written(self.get(*pointer), self.origin.get(*pointer))):
            return self.origin.place(*pointer, at_key=at_key)
        return super().place(*pointer, at_key=at_key)


@dataclass(frozen=True)
class Builds:
    """Builds Kustomizations; `builder` is looked for when it is first needed."""

    repository: Repository
    root: Path
    builder: Callable[[], Builder]
    _declared: dict[tuple[str, str], dict[str, Manifest]] = field(default_factory=dict)  # by path and kind, by name

    def objects(self, wanted: Sequence[tuple[str, Build]]) -> dict[int, list[Manifest]]:
        """What each of some builds, with its directory, gives; what cannot be built is given as its files have it."""
        if not wanted:
            return {}
        documents = {str(n): (path, self.generated(path, build)) for n, (path, build) in enumerate(wanted)}
        printed = print_many(self.builder(), self.root, documents, origins=True)
        return {n: list(self._made(printed[str(n)], *wanted[n])) for n in range(len(wanted))}

    def sound(self, path: str, build: Build, read: Collection[str], written: Iterable[Manifest]) -> list[Manifest]:
        """What is left of a build without what is far or broken; nothing where that cannot be built either.

        Of whole kustomizations that are left out, the objects are as they are `written`.
        """
        if made := self._part(path, build, read, sound.part(self.repository)):
            return made
        made = self._part(path, build, read, sound.near(self.repository))
        known = {(manifest.path, manifest.document) for manifest in made}
        return [*made, *(m for m in written if (m.path, m.document) not in known)] if made else []

    def _part(self, path: str, build: Build, read: Iterable[str], part: Repository) -> list[Manifest]:
        wanted = {path: (path, of(part, path, sound.listed(part, build)))}
        try:
            with parts.copied(self.root, read, sound.texts(part, self.repository)) as whole:
                printed = print_many(self.builder(), whole, wanted, origins=True)
        except NotRenderedError:  # a file cannot be copied, which whatever reads it says
            return []
        return list(self._made(printed[path], path, build))

    def generated(self, path: str, build: Build) -> Generated:
        """What kustomize-controller writes for a build of a directory."""
        return of(self.repository, path, build)

    def _made(self, printed: list[str] | RenderError, path: str, build: Build) -> Iterator[Manifest]:
        if isinstance(printed, RenderError):
            return
        for text in printed:
            data = parsed(text, build)
            if isinstance(data, dict):
                origin = self._origin(kustomize.taken_origin(data), data, build)
                yield Built(data, origin.path, origin.document, origin=origin, maker=build.manifest)

    def _origin(self, path: str, data: Mapping[str, Any], build: Build) -> Manifest:
        """The manifest in the file that an object came from: the one of its kind whose name is nearest to its own."""
        file = self.repository.files.get(path)
        if file is None:
            return build.manifest
        wanted = Manifest(data, path)
        if (path, wanted.kind) not in self._declared:
            self._declared[path, wanted.kind] = _of_kind(file, wanted.kind)
        alike = self._declared[path, wanted.kind]
        if wanted.name and wanted.name in alike:
            return alike[wanted.name]
        best = max((name for name in alike if name and name in wanted.name), key=len, default="")
        return alike[best] if best else next(iter(alike.values()), wanted)


def _of_kind(file: SourceFile, kind: str) -> dict[str, Manifest]:
    """The manifests of a kind in a file, or what their heads say, the first of each name."""
    kept = [part for whole in file.manifests() for part in load.members(whole) if part.kind == kind]
    heads = (Manifest(_body(head), file.path, head.document) for head in file.heads if head.kind == kind)
    found: dict[str, Manifest] = {}
    for manifest in kept or heads:
        found.setdefault(manifest.name, manifest)
    return found


def _body(head: Head) -> dict[str, Any]:
    return {"apiVersion": head.api_version, "kind": head.kind, "metadata": {"name": head.name}}


def of(repository: Repository, path: str, build: Build) -> Generated:
    """What kustomize-controller writes for a build of a directory of a repository."""
    spec = build.manifest.get("spec") or {}
    own = repository.kustomizations[path] if build.listed is None else build.listed
    return generated(spec, path, own, repository.paths.__contains__)


def parsed(text: str, build: Build) -> Any:
    """An object with its variables substituted, where that is possible."""
    try:
        data = _document(text)
        if build.variables is None or "$" not in text or substitution.is_switched_off(data):
            return data
        return _document(substitution.substitute(text, build.variables))
    except substitution.SubstitutionError:
        return _document(text)
    except parse.YamlError:
        return None


def _document(text: str) -> Any:
    documents = parse.parse(text).documents
    return documents[0] if len(documents) == 1 else None


def _is_as_written(value: object, told: object) -> bool:
    """Tell whether a build left a value as its file has it, but for the hash of what it generates."""
    hashed = isinstance(value, str) and isinstance(told, str) and unhashed(value) == told
    return hashed or value == told
