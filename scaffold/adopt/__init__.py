"""What is deployed in another way becomes an application of the fleet, and renders as before, which is computed."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import fleet as fleets
from scaffold import parse, staging
from scaffold.adopt import charts, exported, inputs, kustomized, plain, warnings
from scaffold.adopt.checked import findings
from scaffold.adopt.nouns import Made, Objects, Release
from scaffold.errors import ScaffoldError
from scaffold.fleet import Fleet
from scaffold.growth import app
from scaffold.growth.plan import Plan
from scaffold.model import Identity, Manifest
from scaffold.render import RenderError, builders, kustomize
from scaffold.staging import Content

__all__ = ["Adopted", "Release", "Wanted", "findings", "plan"]


_PACKED = ".tgz"


class Wanted(NamedTuple):
    """What to adopt: a directory or a file, for which team and under which name, and where each environment stands."""

    source: Path
    team: str
    name: str
    environments: Mapping[str, str]
    release: Release


class Adopted(NamedTuple):
    """The plan, and how many objects of each environment were rendered before and after and found equal.

    `flaws` say why the fleet will not deploy all of it.
    """

    plan: Plan
    equal: Mapping[str, int]
    flaws: tuple[str, ...] = ()


def plan(fleet: Fleet, wanted: Wanted, cache: Path | None) -> Adopted:
    """The layer, whose overlays render to what is deployed now.

    Raises ScaffoldError where they would not, and where what is there cannot be rendered.
    """
    source = wanted.source.resolve()
    if source.suffix == _PACKED:
        if not wanted.release.repository:
            raise ScaffoldError(f"{source.name!r} is a packaged chart; say with --chart-repository where it comes from")
        with charts.unpacked(source) as chart:
            return _planned(fleet, wanted, chart, source.parent)
    return _planned(fleet, wanted, source, cache)


def _planned(fleet: Fleet, wanted: Wanted, source: Path, cache: Path | None) -> Adopted:
    known = fleets.names(fleet.team(wanted.team).answers.get("environments"))
    layer = f"apps/{wanted.team}/{wanted.name}"
    difference = ""
    for made in _ways(source, wanted, known, cache):
        environments = tuple(made.before)
        grown = app.plan(fleet, wanted.team, wanted.name, environments, made.answers)
        contents = _contents(grown.layers[layer], made, wanted)
        difference = _difference(layer, contents, made, wanted, cache)
        if not difference:
            namespaces = {name: f"{wanted.team}-{name}" for name in environments}
            of_objects = (*warnings.of_objects(made.before), *warnings.of_releases(made.before, namespaces))
            notes = tuple(dict.fromkeys([*made.notes, *of_objects, *_of_chart(source)]))
            found = Plan({layer: contents}, _others(fleet.root, made), notes)
            flaws = tuple(warnings.of_namespaces(made.before, namespaces))
            return Adopted(found, {name: len(objects) for name, objects in made.before.items()}, flaws)
    raise ScaffoldError(f"{difference}; nothing is written")


def _ways(source: Path, wanted: Wanted, known: list[str], cache: Path | None) -> Iterator[Made]:
    if source.is_dir() and inputs.is_chart(source):
        names = [name for name in known if name in (wanted.release.values or wanted.environments or known)]
        yield charts.made(source, wanted.team, names, _released(wanted), cache)
        return
    directory = source if source.is_dir() else source.parent
    named = wanted.environments or ({} if source.is_dir() else dict.fromkeys(known[:1], source.name))
    places = inputs.environments(directory, named, known)
    if all(inputs.is_kustomization(place) for place in places.values()):
        yield kustomized.made(directory, places)
        return
    found = {name: exported.read(place) for name, place in places.items()}
    notes = tuple(dict.fromkeys(note for item in found.values() for note in item.notes))
    yield from plain.ways({name: item.objects for name, item in found.items()}, notes)


def _contents(layer: Mapping[str, Content], made: Made, wanted: Wanted) -> dict[str, Content]:
    """The template's files, and over them those that are adopted."""
    contents = {**layer, **made.files}
    if made.answers["source"] == "chart" and wanted.release.name not in ("", wanted.name):
        return charts.named(contents, wanted.release.name)
    return contents


def _released(wanted: Wanted) -> Release:
    """The release with its name: that of the application where nobody says otherwise."""
    return wanted.release if wanted.release.name else dataclasses.replace(wanted.release, name=wanted.name)


def _others(root: Path, made: Made) -> dict[str, Content | None]:
    """The files outside of the layer; those that are there already have to be equal."""
    for path, content in made.others.items():
        there = staging.read(root / path)
        if there not in (None, content):
            raise ScaffoldError(f"{path} is there already and differs; rename the chart, or make them equal")
    return {path: content for path, content in made.others.items() if not (root / path).exists()}


def _of_chart(source: Path) -> Iterator[str]:
    if source.is_dir() and inputs.is_chart(source):
        yield from warnings.of_chart(source)


def _difference(layer: str, contents: Mapping[str, Content], made: Made, wanted: Wanted, cache: Path | None) -> str:
    """What an environment would render otherwise than it does now; nothing where all is equal."""
    with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as directory:
        root = Path(directory)
        staging.files(root / layer, contents)
        staging.files(root, made.others)
        for environment, before in made.before.items():
            try:
                after = _after(root, layer, environment, made, wanted, cache)
            except RenderError as error:
                return f"{environment} could not be built from an overlay, {error}"
            if found := _first(before, after):
                return f"{environment} would render otherwise, first {found}"
    return ""


def _after(root: Path, layer: str, environment: str, made: Made, wanted: Wanted, cache: Path | None) -> Objects:
    if made.answers["source"] == "chart":
        return charts.rendered(root, layer, environment, wanted.team, _released(wanted), cache)
    overlay = f"{layer}/overlays/{environment}"
    documents = parse.documents(kustomize.build(builders.find(), root, overlay), overlay)
    return [item for item in documents if item is not None]


def _first(before: Objects, after: Objects) -> str:
    """The first object that differs, regardless of the order."""
    sides = [{Manifest(item, "").identity: item for item in side} for side in (before, after)]
    differing = (identity for identity in sorted({*sides[0], *sides[1]}) if _differ(identity, *sides))
    return next((str(identity) for identity in differing), "")


def _differ(identity: Identity, *sides: Mapping[Identity, Any]) -> bool:
    return sides[0].get(identity) != sides[1].get(identity)
