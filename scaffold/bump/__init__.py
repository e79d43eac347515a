"""An image's new version, wherever an environment sets it: exactly those bytes."""

from __future__ import annotations

import contextlib
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
from scaffold.model import Image, Overlay
from scaffold.nearest import near
from scaffold.staging import Content

_SHOWN = 5  # names that a message lists


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
        raise _unknown(reading, overlays, wanted)
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
        raise _unknown(reading, overlays, wanted)
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


def _unknown(reading: Reading, overlays: Iterable[Overlay], wanted: Wanted) -> ScaffoldError:
    names = sorted({name for overlay in overlays for name in _images(reading, overlay)})
    own = wanted.image.name.rpartition("/")[2]
    alike = [name for name in names if name.rpartition("/")[2] == own] or [near(wanted.image.name, names)]
    there = "no image is set there"
    if alike[0]:
        there = f"did you mean {' or '.join(map(repr, alike[:_SHOWN]))}?"
    elif names:
        there = f"images there are {', '.join(names[:_SHOWN])}" + (", …" if len(names) > _SHOWN else "")
    return ScaffoldError(f"no application of {wanted.environment!r} runs {wanted.image.name!r}; {there}")


class _Anything(Image):
    """An image that is the same as every other one."""

    def is_same(self, name: str) -> bool:
        return bool(name)


def _images(reading: Reading, overlay: Overlay) -> Iterator[str]:
    """The names of the images that something sets for an overlay, up to the first that others share."""
    with contextlib.suppress(ScaffoldError):
        yield from (item.site.before.name for item in sites.settings(reading, overlay, _Anything("", "0")))
