"""One cluster from where it begins to all that it is told to build, Kustomization by Kustomization."""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from scaffold import load
from scaffold.assemble.flux import acting, artifacts, forbidding, reading, sources, variables, written
from scaffold.assemble.flux.builds import Builds, Built
from scaffold.assemble.flux.sources import Sources
from scaffold.expand.flux.generated import listed
from scaffold.model import Build, FluxCluster, Kustomization, Manifest, Repository, SourceFile, Sync
from scaffold.model.flux import Reference, is_flux
from scaffold.model.values import text

_MAKERS = ("ResourceSet",)


@dataclass
class Walk:
    """What is known of one cluster so far; `wanted` are the names of objects that variables are taken from.

    Where it is `strict`, a variable that is not set stops a build. `instances` are those that begin the cluster.
    """

    repository: Repository
    builds: Builds
    sources: Sources
    wanted: frozenset[str]
    cluster: str
    strict: bool = True
    instances: Sequence[Manifest] = ()
    syncs: dict[Reference, Sync] = field(default_factory=dict)
    planned: dict[Reference, tuple[str, Build]] = field(default_factory=dict)
    objects: dict[tuple[str, Reference], Manifest] = field(default_factory=dict)
    reached: set[tuple[str, int, str]] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)
    built: set[str] = field(default_factory=set)

    @staticmethod
    def source_of(manifest: Manifest) -> Reference:
        """The source of a Kustomization."""
        return Sync(manifest, "", here=False).source

    def go(self, roots: Iterable[Manifest]) -> FluxCluster:
        """Follow everything that some Kustomizations build."""
        pending = self._taken(roots)
        while pending:
            known = self._known()
            ready = [manifest for manifest in pending if self._is_ready(manifest, known)] or pending
            later = [] if ready is pending else [m for m in pending if not self._is_ready(m, known)]
            pending = [*later, *self._taken(self._made(ready))]
        self._take_late()
        for reference, sync in list(self.syncs.items()):
            if not sync.here:
                self.unknown.append(f"{reference} builds what {self._elsewhere(sync)}")
        objects = tuple(manifest for manifest in self.objects.values() if is_flux(manifest.group))
        return FluxCluster(
            self.cluster,
            objects,
            tuple(self.syncs.values()),
            self.sources.root,
            (*self._known(), *self.sources.cuts),
            tuple(self.unknown),
            self._forbidden(),
        )

    def _take_late(self) -> None:
        """Give variables and accounts to what was planned before they were known: one may apply what gives them."""
        known, accounts = self._known(), acting.accounts([*self.objects.values(), *self.instances], self._patching())
        for reference, (path, build) in self.planned.items():
            told = variables.of(build.manifest, known, strict=self.strict)
            if (told, accounts) != (build.variables, build.accounts):
                self.planned[reference] = (path, dataclasses.replace(build, variables=told, accounts=accounts))

    def _forbidden(self) -> frozenset[str]:
        """What its controllers and the patches for them forbid."""
        objects = (*self.objects.values(), *self.instances)
        return forbidding.by_objects(objects) | forbidding.by_patches(self._patching())

    def _patching(self) -> list[Kustomization]:
        """The kustomizations whose patches may be for the controllers."""
        entered = (
            item for path, build in self.planned.values() for item in reading.entered(self.repository, path, build)
        )
        return [*forbidding.below(self.cluster, self.repository.kustomizations), *entered]

    def _elsewhere(self, sync: Sync) -> str:
        if sync.source.kind == "ExternalArtifact":
            return "is put together in the cluster"
        found = self.sources.find(sync.source)
        if released := self.sources.release(sync.source):
            return f"{released} holds"
        if found and self.sources.home(sync.source) is not None:
            return f"branch {text(found.get('spec', 'ref', 'branch'))!r} holds"
        url = text(found.get("spec", "url")) if found else ""
        return f"another repository holds ({url})" if url else "another repository holds"

    def _taken(self, manifests: Iterable[Manifest]) -> list[Manifest]:
        """Remember objects, and give the Kustomizations among them that are new."""
        found = []
        for manifest in manifests:
            self.reached.add(written.key(manifest))
            reference = _reference(manifest)
            identity = (manifest.group, reference)
            if self._patched(manifest):
                self.objects[identity] = manifest
                found.append(manifest)
            if written.is_sync(manifest) and identity not in self.objects:
                found.append(manifest)
            self.objects.setdefault(identity, manifest)
            if manifest.group == sources.GROUP:
                self.sources.objects.setdefault(reference, manifest)
            if manifest.kind == artifacts.KIND:
                self.sources.cuts.update(artifacts.of(manifest))
            if manifest.kind in _MAKERS and is_flux(manifest.group):
                self.unknown.append(f"{reference} makes objects in the cluster")
        return found

    def _patched(self, manifest: Manifest) -> Reference | None:
        """What begins a cluster, where its own build makes it with other words: patches for it are there."""
        reference = _reference(manifest)
        before = self.objects.get((manifest.group, reference))
        begun = before is not None and written.is_sync(before) and not isinstance(before, Built)
        other = isinstance(manifest, Built) and before is not None and before.data != manifest.data
        return reference if begun and other else None

    def _known(self) -> dict[Reference, Manifest]:
        """The objects that variables may be taken from."""
        made = ((variables.made(manifest), manifest) for manifest in self.objects.values())
        return {reference: manifest for reference, manifest in made if reference}

    def _is_ready(self, manifest: Manifest, known: Container[Reference]) -> bool:
        source = self.source_of(manifest)
        if source.kind == "ExternalArtifact" and source not in self.sources.cuts:
            return False
        return all(reference in known for _, reference, optional in variables.sources(manifest) if not optional)

    def _made(self, manifests: Sequence[Manifest]) -> list[Manifest]:
        """What some Kustomizations make; one that patches itself makes it anew, and what it made before is dropped."""
        made = self._made_of_each(manifests)
        changed = {reference: m for found in made.values() for m in found if (reference := self._patched(m)) in made}
        for reference, manifest in changed.items():
            self.objects[manifest.group, reference] = manifest
        made.update(self._made_of_each(list(changed.values())) if changed else {})
        return [manifest for found in made.values() for manifest in found]

    def _made_of_each(self, manifests: Sequence[Manifest]) -> dict[Reference, list[Manifest]]:
        """What some Kustomizations make, as far as it matters here."""
        for manifest in manifests:
            self._plan(manifest)
        references = [_reference(manifest) for manifest in manifests]
        bearing = {item: self.planned[item] for item in references if item in self.planned and self._bears(item)}
        local = [
            item for item in bearing.values() if not reading.is_far(self.repository, *item)
        ]  # kustomize would fetch others unasked
        built = self.builds.objects(local)
        found = {}
        for reference, item in bearing.items():
            read = reading.files(self.repository, *item)
            self.built.update(read)
            made = built[local.index(item)] if item in local else []
            if not made:
                plain = self._as_written(*item)
                made = self.builds.sound(*item, read, plain) or plain
            found[reference] = made
        return found

    def _plan(self, manifest: Manifest) -> None:
        reference = _reference(manifest)
        home = self.sources.home(self.source_of(manifest))
        start = self.sources.start(self.source_of(manifest)) or ""
        path = posixpath.join(start, written.path_of(manifest)).rstrip("/")
        sync = Sync(manifest, path, home is not None, home=home or "")
        if "${" in f"{sync.path}{sync.source}" or self.sources.release(sync.source):
            sync = dataclasses.replace(sync, here=False)
        if sync.here:
            files = self.sources.left(sync.source)
            below = sources.below(files, sync.path)
            present = bool(below) or sync.path == start  # the root of an artifact is there, and be it empty
            sync = dataclasses.replace(sync, here=present or self.sources.is_at_root(sync.source))
            listed_ = self._listed(sync, below)
            ignored = tuple(self._ignored((sync.path,) if listed_ is None else listed_, files))
            sync = dataclasses.replace(sync, present=present, ignored=ignored)
            if below:
                known = variables.of(manifest, self._known(), strict=self.strict)
                build = Build(manifest, self.cluster, "", listed_, known)
                self.planned[reference] = (sync.path, build)
        self.syncs[reference] = sync

    def _listed(self, sync: Sync, below: list[str]) -> tuple[str, ...] | None:
        """The resources of the kustomization that is written; None where the source leaves one there."""
        left = set(below)
        own = {d for d, item in self.repository.kustomizations.items() if item.manifest.path in left}
        return None if sync.path in own else listed(sync.path, below, own)

    def _ignored(self, begun: Iterable[str], files: frozenset[str]) -> Iterable[str]:
        """What the kustomizations that are entered name, and the source leaves out."""
        known = self.repository.kustomizations
        read = (path for start in begun if start in known for path in load.read_by(start, known))
        return (path for path in dict.fromkeys(read) if path not in files and path in self.repository.paths)

    def _bears(self, reference: Reference) -> bool:
        """Tell whether what is built holds objects of Flux, or such that variables are taken from."""
        path, build = self.planned[reference]
        if (
            any("configMapGenerator" in k.manifest.data for k in reading.entered(self.repository, path, build))
            and self.wanted
        ):
            return True
        for name in reading.files(self.repository, path, build):
            file = self.repository.files.get(name)
            for head in file.heads if file else ():
                if is_flux(head.group) or (head.name in self.wanted and head.kind != "Kustomization"):
                    return True
        return False

    def _as_written(self, path: str, build: Build) -> list[Manifest]:
        """The objects of Flux in the files of what cannot be built, and such that variables are taken from."""
        files = self.repository.files
        found = [self._kept(files[name]) for name in reading.files(self.repository, path, build) if name in files]
        parts = (part for file in found for whole in file.manifests() for part in load.members(whole))
        return [m for m in parts if m.name and (is_flux(m.group) or m.name in self.wanted)]

    def _kept(self, file: SourceFile) -> SourceFile:
        """A file with its documents, where it may hold variables."""
        if file.documents is not None or not any(head.name in self.wanted for head in file.heads):
            return file
        return load.source_file(file.path, (self.builds.root / file.path).read_bytes(), keep=True)


def _reference(manifest: Manifest) -> Reference:
    return Reference(manifest.kind, manifest.namespace, manifest.name)
