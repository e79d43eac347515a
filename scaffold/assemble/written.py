"""Argo CD's objects as they are written, one file at a time: patches and members of lists included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold import load
from scaffold.model import Manifest, Place, Pointer, Repository, dig, mapping


class Written(NamedTuple):
    """An Application, or the template of an ApplicationSet, whose texts may then hold parameters."""

    manifest: Manifest
    within: Pointer = ()

    @property
    def template(self) -> bool:
        return bool(self.within)

    @property
    def what(self) -> str:
        kind = "ApplicationSet" if self.template else "application"
        return f"{kind} {self.manifest.name!r}"

    def get(self, *pointer: str | int) -> Any:
        return dig(self.manifest.data, *self.within, *pointer)

    def at(self, *pointer: str | int, at_key: bool = False) -> Place:
        return self.manifest.place(*self.within, *pointer, at_key=at_key)

    def sources(self) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
        """Every source that is written down, used or not, with its pointer."""
        if source := mapping(self.get("spec", "source")):
            yield ("spec", "source"), source
        several = self.get("spec", "sources")
        for index, item in enumerate(several if isinstance(several, list) else ()):
            yield ("spec", "sources", index), mapping(item)


def manifests(repository: Repository, *kinds: str) -> Iterator[Manifest]:
    """The manifests of these kinds (`argoproj.io/AppProject`), or all, each member of a list by itself."""
    for whole in repository.manifests(*kinds, *(("/List",) if kinds else ())):
        for manifest in load.members(whole):
            if not kinds or f"{manifest.group}/{manifest.kind}" in kinds:
                yield manifest


def applications(repository: Repository) -> Iterator[Written]:
    """Every Application and every template of one."""
    for manifest in manifests(repository, "argoproj.io/Application", "argoproj.io/ApplicationSet"):
        yield Written(manifest, ("spec", "template") if manifest.kind == "ApplicationSet" else ())
