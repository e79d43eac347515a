"""A Kustomization of Flux as the level above the directory that it builds."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from scaffold.assemble import flux
from scaffold.assemble.flux import makers
from scaffold.model import Build, Kustomization, Manifest, Overlay, Place, Reference, Repository, mapping

_FIELDS = ("patches", "patchesStrategicMerge", "patchesJson6902", "images", "namePrefix", "nameSuffix")


@dataclass(frozen=True)
class _Level(Manifest):
    """The fields that Kustomize reads too, which stand below `spec` of the Kustomization."""

    told: Manifest | None = None

    def place(self, *pointer: str | int, at_key: bool = False) -> Place:
        assert self.told is not None
        renamed = (
            "targetNamespace" if part == "namespace" and not index else part for index, part in enumerate(pointer)
        )
        return self.told.place("spec", *renamed, at_key=at_key)


def start(overlay: Overlay) -> str:
    """The name of the directory that the levels of an overlay begin with."""
    return f"{overlay.path}\0{overlay.name}" if overlay.build else overlay.path


def levels(overlay: Overlay, repository: Repository, *, made: bool = False) -> Repository:
    """The repository with the level that a Kustomization is, where the overlay is what one builds.

    Its places are in its own file, or else, where it is to be as it was `made`, those of the overlay that makes it.
    """
    if overlay.build is None:
        return repository
    told = makers.sync(repository, overlay) if made else None
    level = _level(told or overlay.build.manifest)
    item = Kustomization(start(overlay), level, tuple(_references(overlay, overlay.build)))
    return dataclasses.replace(repository, kustomizations={**repository.kustomizations, item.directory: item})


def _level(told: Manifest) -> _Level:
    spec: Mapping[str, object] = mapping(told.get("spec"))
    data = {field: spec[field] for field in _FIELDS if field in spec}
    if isinstance(spec.get("targetNamespace"), str):
        data["namespace"] = spec["targetNamespace"]
    return _Level(data, told.path, told.document, told=told)


def _references(overlay: Overlay, build: Build) -> list[Reference]:
    own = 1 if build.listed is None else len(build.listed)
    starts = flux.starts(overlay.path, build)
    return [Reference("resources" if n < own else "components", path, path, ()) for n, path in enumerate(starts)]
