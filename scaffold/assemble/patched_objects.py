"""The objects of Argo CD that kustomizations patch, as the builds make them that have them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from scaffold import load
from scaffold.assemble.flux.builds import Builds, Built
from scaffold.model import Build, Manifest, Repository

_Key = tuple[str, int, str, str]
_PROJECT = "AppProject"


@dataclass(frozen=True)
class Found:
    """What builds make of some manifests, and the files that were read for it."""

    made: Mapping[_Key, tuple[Manifest, ...]] = field(default_factory=dict)
    read: frozenset[str] = frozenset()

    def of(self, manifest: Manifest) -> tuple[Manifest, ...]:
        """The objects that a manifest becomes: one, or one in each build where builds differ; none is known else."""
        return self.made.get(_key(manifest), ())

    def variant(self, manifest: Manifest) -> str:
        """The directory whose build makes this object, where others make other ones of the same manifest."""
        return manifest.overlay if id(manifest) in self._several else ""

    @cached_property
    def _several(self) -> frozenset[int]:
        return frozenset(id(item) for items in self.made.values() if len(items) > 1 for item in items)

    @property
    def objects(self) -> Iterator[Manifest]:
        """All of them."""
        return (item for items in self.made.values() for item in items)


def find(repository: Repository, builds: Builds, manifests: Sequence[Manifest]) -> Found:
    """What becomes of some manifests.

    Where builds differ, each is for another Argo CD, so that a project may be any of them, and none is known. So it is
    where one cannot be built here; one that nobody can build makes nothing, wherever it is.
    """
    tops = dict(_tops(repository, frozenset(manifest.path for manifest in manifests))) if manifests else {}
    near = [directory for directory in tops if not load.is_far(directory, repository.kustomizations)]
    made = builds.objects([(each, Build(repository.kustomizations[each].manifest, "")) for each in near])
    unsure = {path for directory, reads in tops.items() if directory not in near for path in reads}
    several: dict[_Key, list[Manifest]] = {}
    for number, directory in enumerate(near):
        for item in made[number]:
            if isinstance(item, Built) and item.origin:
                several.setdefault(_key(item.origin), []).append(dataclasses.replace(item, overlay=directory or "."))
    known = {key: _each_once(items) for key, items in several.items() if key[0] not in unsure}
    certain = {key: items for key, items in known.items() if len(items) == 1 or key[2] != _PROJECT}
    return Found(certain, frozenset(_consulted(repository, (path for each in near for path in tops[each]))))


def _each_once(items: Sequence[Manifest]) -> tuple[Manifest, ...]:
    return tuple(items) if any(each.data != items[0].data for each in items) else (items[0],)


def _key(manifest: Manifest) -> _Key:
    return manifest.path, manifest.document, manifest.kind, manifest.name


def _tops(repository: Repository, paths: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """The kustomizations that nobody else builds on and that reach some files, each with all that it reads."""
    known = repository.kustomizations
    used = {reference.target for item in known.values() for reference in item.references if not reference.remote}
    for directory, item in known.items():
        if directory not in used and not item.is_component:
            reads = frozenset(load.read_by(directory, known))
            if not paths.isdisjoint(reads):
                yield directory, reads


def _consulted(repository: Repository, paths: Iterator[str]) -> Iterator[str]:
    """The files whose content is no part of the repository's facts."""
    for path in paths:
        file = repository.files.get(path)
        if file is None or file.documents is None:
            yield path
