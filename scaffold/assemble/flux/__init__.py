"""The clusters of Flux in a repository: where each begins, what it is told to build, and with what."""

from __future__ import annotations

import dataclasses
import posixpath
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from scaffold import load
from scaffold.assemble.flux import (
    applied,
    artifacts,
    begun,
    makers,
    pointed,
    pushed,
    sources,
    unbegun,
    variables,
    versions,
    written,
)
from scaffold.assemble.flux.builds import Builds
from scaffold.assemble.flux.patching import are_patched
from scaffold.assemble.flux.reading import starts
from scaffold.assemble.flux.sources import Sources
from scaffold.assemble.flux.walk import Walk
from scaffold.model import Build, FluxCluster, Head, Manifest, Repository, above, nearness
from scaffold.model.flux import Reference
from scaffold.render.builders import Builder

__all__ = ["Found", "Planned", "are_patched", "find", "starts"]


_DATA = ("ConfigMap", "Secret")


class Planned(NamedTuple):
    """A directory that Flux builds, and how."""

    path: str
    build: Build


class Found(NamedTuple):
    """The clusters, what each builds of this repository, and the files whose text was looked at for it."""

    clusters: tuple[FluxCluster, ...] = ()
    planned: tuple[Planned, ...] = ()
    consulted: frozenset[str] = frozenset()


def find(repository: Repository, root: Path, builder: Callable[[], Builder]) -> Found:
    """Every cluster that files tell of; objects that nothing here builds are a part of one that stands elsewhere."""
    everything = applied.completed(repository, Builds(repository, root, builder), written.manifests(repository))
    if not any(written.is_sync(manifest) or manifest.kind == "FluxInstance" for manifest in everything):
        return Found((FluxCluster("", tuple(everything)),) if everything else ())
    finder = _Finder(repository, root, builder, everything)
    return finder.found()


class _Finder:
    def __init__(
        self, repository: Repository, root: Path, builder: Callable[[], Builder], everything: list[Manifest]
    ) -> None:
        self._repository = repository
        self._builds = Builds(repository, root, builder)
        self._everything = everything
        self._wanted = variables.wanted(everything)
        self._sources = [manifest for manifest in everything if manifest.group == sources.GROUP]
        self._ignore_files = sources.ignore_files(repository, lambda path: load.text(root / path))
        self._pipelines = pushed.pipelines(repository) if any(m.kind == "OCIRepository" for m in everything) else []
        texts = (load.text(root / path) for path in self._pipelines)
        self._pushed = pushed.places(repository, everything, pushed.directories(texts))
        self._controllers = versions.controllers(repository)
        installed = (load.text(root / path) for path in self._controllers)
        told = begun.instances(repository, lambda path: load.text(root / path))
        self._installing = [*everything, *told]
        self._strict = versions.is_strict(repository, self._installing, installed)
        self._walks: list[tuple[FluxCluster, Walk]] = []
        self._heads: set[str] = set()
        self._looked_into: set[str] = set()

    def found(self) -> Found:
        for item in begun.roots(self._installing, self._repository):
            if written.key(item.manifest) not in self._reached() and not self._is_spare(item.manifest):
                self._walk(item.cluster, [item.manifest], sure=True)
        for item in pointed.roots(self._repository, self._builds):
            if item.cluster not in {cluster.name for cluster, _ in self._walks}:
                self._walk(item.cluster, [item.manifest], sure=True)
        known = frozenset(cluster.name for cluster, _ in self._walks)
        for name, group in unbegun.clusters(self._everything, self._reached(), known, self._repository):
            left = [manifest for manifest in group if written.key(manifest) not in self._reached()]
            if left:
                self._walk(name, left, sure=False)
        planned = tuple(self._planned())
        names = {makers.key(build.cluster, build.manifest): build.name or path for path, build in planned}
        clusters = (makers.told(cluster, names) for cluster, _ in self._walks)
        return Found(tuple(clusters), planned, frozenset(self._consulted()))

    def _is_spare(self, manifest: Manifest) -> bool:
        """Tell whether one that builds itself stands where a cluster takes others from, and where nothing begins.

        What an operator makes, or `flux bootstrap`, begins one wherever it stands.
        """
        own = (manifest.path, manifest.document, manifest.kind)
        if begun.is_bootstrapped(manifest) or own not in ((m.path, m.document, m.kind) for m in self._everything):
            return False
        stores = written.stores((path for path, _, _ in self._reached()), self._heads)
        return not stores.isdisjoint(above(manifest.path))

    def _walk(self, name: str, roots: list[Manifest], *, sure: bool) -> None:
        """Go through a cluster; what builds itself is here for sure, and so is what nobody says is elsewhere."""
        self._heads.update(manifest.path for manifest in roots)
        begins_in = self._repository.conventions.home(roots[0].path)
        near = sorted(self._sources, key=lambda m: nearness(m.path, roots[0].path))  # of two, the one that is nearer
        declared = {Reference(m.kind, m.namespace, m.name): m for m in near if written.is_of(m, name)}
        own = Sources(self._repository, self._ignore_files, declared, begins_in=begins_in, pushed=self._pushed)
        if sure:
            own.root = Walk.source_of(roots[0])
        else:
            generators = (m for m in self._everything if m.kind == artifacts.KIND)
            for generator in generators:
                if not name or written.cluster_of(generator.path) == name:
                    own.cuts.update(artifacts.of(generator))
            own.root = self._likely(own, roots)
        first = {(manifest.path, manifest.document) for manifest in roots}
        instances = [m for m in self._installing if m.kind == "FluxInstance" and (m.path, m.document) in first]
        walk = Walk(self._repository, self._builds, own, self._wanted, name, strict=self._strict, instances=instances)
        self._walks.append((walk.go(roots if sure else [*roots, *self._beside(own, roots)]), walk))

    def _beside(self, own: Sources, roots: list[Manifest]) -> Iterator[Manifest]:
        """The sources, and what variables are taken from, beside what somebody applies by hand, and with it.

        So are those beside the source that it comes from.
        """
        first = (own.written.get(own.origin(Walk.source_of(manifest))[0]) for manifest in roots)
        places = {posixpath.dirname(m.path) for m in (*roots, *(m for m in first if m))}
        yield from (m for m in self._sources if posixpath.dirname(m.path) in places)
        for path, file in self._repository.files.items() if self._wanted else ():
            if file.directory in places and any(_is_data(head) and head.name in self._wanted for head in file.heads):
                self._looked_into.add(path)
                whole = load.source_file(path, (self._builds.root / path).read_bytes(), keep=True)
                yield from (m for m in whole.manifests() if m.kind in _DATA and m.name in self._wanted)

    def _likely(self, own: Sources, roots: list[Manifest]) -> Reference | None:
        """The source that is this repository, where nobody says so: the one whose paths are here."""
        fitting: Counter[Reference] = Counter()
        for manifest in roots:
            source, start = own.origin(Walk.source_of(manifest))
            known = own.find(source) is not None and self._repository.conventions.repository_urls
            path = posixpath.join(own.begins_in, start, written.path_of(manifest)).rstrip("/")
            told = path or source.kind == "GitRepository"  # without a path any artifact would fit
            if told and not known and path in self._repository.directories:
                fitting[source] += 1
        all_of_them = {own.origin(Walk.source_of(manifest))[0] for manifest in roots}
        first = next(iter(all_of_them)) if len(all_of_them) == 1 else None
        if first and own.find(first) is not None:
            first = None
        return next((source for source, _ in fitting.most_common(1)), first)

    def _reached(self) -> frozenset[tuple[str, int, str]]:
        return frozenset(key for _, walk in self._walks for key in walk.reached)

    def _planned(self) -> Iterator[Planned]:
        """What is built, each by a name of its own: its path alone where nothing else builds that."""
        items = [item for _, walk in self._walks for item in walk.planned.values()]
        several: dict[str, list[Build]] = {}
        for path, build in items:
            several.setdefault(path, []).append(build)
        told = {path: variables.beside(builds) for path, builds in several.items() if len(builds) > 1}
        for path, build in items:
            if path in told:
                name = f"{path or '.'} for {build.manifest.namespace}/{build.manifest.name}"
                name += f" of {build.cluster}" if build.cluster else ""
                known, (elsewhere, common) = build.variables, told[path]
                known = known and dataclasses.replace(known, elsewhere=elsewhere, common=common)
                build = dataclasses.replace(build, name=name, variables=known)  # noqa: PLW2901
            yield Planned(path, build if path or build.name else dataclasses.replace(build, name="."))

    def _consulted(self) -> Iterator[str]:
        """Files that were built or read here; what is kept of the others is part of the plan's facts already."""
        yield from self._ignore_files
        yield from self._pipelines
        yield from self._controllers
        yield from self._looked_into
        for directory in pointed.candidates(self._repository):
            yield from load.read_by(directory, self._repository.kustomizations)
        for _, walk in self._walks:
            for path in walk.built:
                file = self._repository.files.get(path)
                if file is None or file.documents is None:
                    yield path


def _is_data(head: Head) -> bool:
    return head.api_version == "v1" and head.kind in _DATA
