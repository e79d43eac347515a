"""Everything a rule may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from scaffold.model.applications import Application, ApplicationSet
from scaffold.model.files import Action, GeneratedMap, Idle, Kustomization, SourceFile
from scaffold.model.findings import Skipped
from scaffold.model.fleet import Conventions, Layer
from scaffold.model.flux import FluxCluster, Sync
from scaffold.model.manifests import Manifest
from scaffold.model.overlays import Overlay
from scaffold.model.places import Place
from scaffold.model.terraform import Terraform

_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Repository:
    """What a rule sees. In the scopes `file` and `overlay` it is a slice that holds one of each.

    `missed` is what was not rendered, where the user asks for everything to be; `idle` are ignore comments and
    annotations that did nothing. `patched` are objects of Argo CD as kustomizations change them, `charted` those that
    charts make. `consulted` are files that generators and overrides were read from, `resting` are those that nothing
    deploys, `scripted` those that a script or a pipeline names, `written` those that are not there until one writes
    them, for what no engine builds. `generated` are config maps of Argo CD that kustomizations make of files and
    literals. `texts` are those of files that are no YAML, which tell others what to do with this repository.
    `templates` are what those of charts do, as far as their actions tell, `lacking` the files that they read and that
    their charts do not have, each with the line that leaves it out; `definitions` are those that charts bring along as
    they stand, by their files.
    """

    files: Mapping[str, SourceFile] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    directories: frozenset[str] = frozenset()
    kustomizations: Mapping[str, Kustomization] = field(default_factory=dict)
    charts: frozenset[str] = frozenset()
    own_schemas: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    overlays: Mapping[str, Overlay] = field(default_factory=dict)
    applications: tuple[Application, ...] = ()
    sets: tuple[ApplicationSet, ...] = ()
    patched: tuple[Manifest, ...] = ()
    charted: tuple[Manifest, ...] = ()
    flux: tuple[FluxCluster, ...] = ()
    layers: tuple[Layer, ...] = ()
    conventions: Conventions = field(default_factory=Conventions)
    missed: tuple[Skipped, ...] = ()
    idle: tuple[Idle, ...] = ()
    consulted: frozenset[str] = frozenset()
    resting: frozenset[str] = frozenset()
    scripted: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    generated: tuple[GeneratedMap, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    terraform: Terraform = field(default_factory=Terraform)
    templates: Mapping[str, tuple[Action, ...]] = field(default_factory=dict)
    definitions: tuple[Manifest, ...] = ()
    lacking: Mapping[str, Place] = field(default_factory=dict)

    def manifests(self, *kinds: str) -> Iterator[Manifest]:
        """The manifests as written whose documents were kept, of these kinds (`argoproj.io/AppProject`), or all.

        Those of Argo CD that charts make stand in templates.
        """
        if len(kinds) == 1:
            yield from self._by_kind.get(kinds[0], ())
        else:
            written = (manifest for path in sorted(self.files) for manifest in self.files[path].manifests())
            everything = (*written, *self.charted)
            yield from (m for m in everything if not kinds or f"{m.group}/{m.kind}" in kinds)

    def once(self, make: Callable[[Repository], _Made]) -> _Made:
        """What a function makes of it; made when it is first asked for, since several rules ask for the same."""
        if make not in self._made:
            self._made[make] = make(self)
        found: _Made = self._made[make]
        return found

    @cached_property
    def _made(self) -> dict[Callable[[Repository], Any], Any]:
        return {}

    @cached_property
    def _by_kind(self) -> dict[str, list[Manifest]]:
        found: dict[str, list[Manifest]] = {}
        for manifest in self.manifests():
            found.setdefault(f"{manifest.group}/{manifest.kind}", []).append(manifest)
        return found

    def rendered(self) -> Iterator[tuple[Overlay, Manifest]]:
        """Every rendered manifest with its overlay."""
        for overlay in self.overlays.values():
            for manifest in overlay.manifests:
                yield overlay, manifest

    def built(self, sync: Sync) -> Overlay | None:
        """What is built for a Kustomization of Flux; the overlay of none may have the name of the root."""
        overlay = self.overlays.get(sync.overlay)
        return overlay if overlay and overlay.build else None

    @cached_property
    def foreseen(self) -> tuple[Application, ...]:
        """The applications, and the drafts of those that no file tells."""
        return (*self.applications, *(draft for item in self.sets for draft in item.drafts))

    @cached_property
    def paths(self) -> frozenset[str]:
        """Every file and directory, relative to the root."""
        return self.directories | self.others | frozenset(self.files)
