"""An image's new version, wherever an environment sets it: exactly those bytes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scaffold import holds, instants
from scaffold.bump import edits, order, provenance, sites
from scaffold.bump.reading import Reading, Setting
from scaffold.choice import chosen, full_name
from scaffold.errors import RefusedError, ScaffoldError
from scaffold.followed import State
from scaffold.model import Image, Overlay, Repository
from scaffold.staging import Content


@dataclass(frozen=True)
class Move:
    """An application's image before and after, and the place that says so."""

    overlay: Overlay
    place: str
    before: Image
    after: Image

    def __str__(self) -> str:
        return f"{self.place}: {self.before.version or 'no version'} -> {self.after.version}"


@dataclass(frozen=True)
class Plan:
    """What a bump would write; no contents where everything is as wanted already."""

    moves: tuple[Move, ...] = ()
    contents: dict[str, Content | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def overlays(self) -> list[Overlay]:
        """The overlays whose image changes, each once."""
        return list({move.overlay.path: move.overlay for move in self.moves}.values())


@dataclass(frozen=True)
class Wanted:
    """An image in the version that an environment shall run; `applications` are names or `team/name`, none is all."""

    image: Image
    environment: str
    applications: tuple[str, ...] = ()
    older: bool = False
    time: datetime.datetime | None = None


def plan(state: State, wanted: Wanted) -> Plan:
    """Find every place in the environment's state, and what has to change there.

    Raises ScaffoldError where no application of the environment runs the image, or where it is set for others too, and
    RefusedError where a newer version is there already.
    """
    root, repository = state.root, state.repository
    overlays = chosen(repository, wanted.environment, wanted.applications)
    reading = Reading.of(state, *overlays)
    found = [(overlay, item) for overlay in overlays for item in sites.settings(reading, overlay, wanted.image)]
    if not found:
        raise _unknown(repository, overlays, wanted)
    different = [(overlay, item) for overlay, item in found if item.edits and not _is_done(item, wanted.image)]
    for overlay, item in different:
        holds.refuse_held(root, overlay.path, datetime.datetime.now(datetime.UTC))
        if not wanted.older:
            _refuse_older(root, overlay, item, wanted)
    moves = tuple(Move(o, reading.place(item), item.site.before, wanted.image) for o, item in different)
    contents = edits.contents(root, (edit for _, item in different for edit in item.edits))
    return Plan(moves, contents, tuple(dict.fromkeys(item.note for _, item in different if item.note)))


def applications(state: State, wanted: Wanted) -> list[str]:
    """The applications of the environment that run the image, by name; raises ScaffoldError where none does."""
    repository = state.repository
    overlays = chosen(repository, wanted.environment, wanted.applications)
    reading = Reading.of(state, *overlays)
    found = [overlay for overlay in overlays if any(sites.settings(reading, overlay, wanted.image))]
    if not found:
        raise _unknown(repository, overlays, wanted)
    return list(dict.fromkeys(full_name(overlay) for overlay in found))


def _is_done(item: Setting, image: Image) -> bool:
    """Tell whether a place is as wanted; a digest or a tag that is not given stays as it is."""
    return item.site.before.version == image.version


def _refuse_older(root: Path, overlay: Overlay, item: Setting, wanted: Wanted) -> None:
    """Compare versions where both tags are some, else the times of the commits that were built."""
    before, image = item.site.before, wanted.image
    fact = ""
    if order.is_version(before.tag) and order.is_version(image.tag):
        if order.is_older(image.tag, before.tag):
            fact = f"{overlay.path} has {before.tag}, which is newer than {image.tag}"
    elif wanted.time:
        time = provenance.time_of(root, item.site.spot.path, image, wanted.environment)
        if time and wanted.time < time:
            built = f"{before.version}, built from a commit of {instants.written(time)}"
            fact = f"{overlay.path} has {built}, which is newer than {instants.written(wanted.time)}"
    if fact:
        raise RefusedError(f"{fact}; --allow-older goes back, 'gitops-scaffold rollback' also holds it there")


def _unknown(repository: Repository, overlays: Iterable[Overlay], wanted: Wanted) -> ScaffoldError:
    names = ", ".join(sorted(set(_images(repository, overlays)))[:5])
    there = f"images there are {names}" if names else "no image is set there"
    return ScaffoldError(f"no application of {wanted.environment!r} runs {wanted.image.name!r}; {there}")


def _images(repository: Repository, overlays: Iterable[Overlay]) -> Iterator[str]:
    """The names of the images that kustomizations set."""
    for overlay in overlays:
        item = repository.kustomizations.get(overlay.path)
        for entry in item.manifest.get("images") or () if item else ():
            if isinstance(entry, dict):
                yield str(entry.get("newName") or entry.get("name"))
