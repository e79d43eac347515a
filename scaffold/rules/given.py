"""What files of this repository give the charts in it for values, and what the templates of these do."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scaffold import load
from scaffold.assemble import chart_files
from scaffold.model import Action, How, Manifest, Place, Pointer, Repository, SourceFile
from scaffold.model.flux import referred
from scaffold.model.values import dig, sequence, text

_OWN = "values.yaml"


class Given(NamedTuple):
    """A value, where it is given, in words too, with a place in them, and whether that is the chart's own file."""

    value: bool | int
    place: Place
    own: bool
    where: str = "in {0}"


Values = Mapping[Pointer, list[Given]]


def actions(repository: Repository, *verbs: str) -> Iterator[tuple[str, str, Action]]:
    """The chart, the template and the action, of each that does one of these."""
    for path, found in repository.templates.items():
        chart = chart_files.chart_of(repository.charts, path) or ""
        yield from ((chart, path, action) for action in found if action.verb in verbs)


def values(repository: Repository) -> Mapping[str, Values]:
    """The booleans and whole numbers that charts get: of files, later ones last, and of releases of Flux."""
    return repository.once(_values)


def _values(repository: Repository) -> Mapping[str, Values]:
    found: dict[str, dict[Pointer, list[Given]]] = {}
    for chart, file in _files(repository):
        own = file.path == posixpath.join(chart, _OWN)
        for pointer, value in file.telling:
            place = Place(file.path, pointer=pointer)
            found.setdefault(chart, {}).setdefault(pointer, []).append(Given(value, place, own))
    for chart, manifest in _releases(repository):
        for pointer, value in load.values(manifest.get("spec", "values")):
            given = Given(value, _written(repository, manifest, pointer), own=False, where=_of_release(manifest))
            found.setdefault(chart, {}).setdefault(pointer, []).append(given)
    return found


def _of_release(manifest: Manifest) -> str:
    return f"for HelmRelease {manifest.name!r} ({{0}})"


def _written(repository: Repository, manifest: Manifest, pointer: Pointer) -> Place:
    """A value in the file of its release, or that alone where a patch gives it."""
    file, path = repository.files.get(manifest.path), ("spec", "values", *pointer)
    documents = file.documents if file and file.documents else ()
    known = dig(documents[manifest.document], *path) if manifest.document < len(documents) else None
    field = path if known == manifest.get(*path) else ("kind",)
    return Place(manifest.path, manifest.document, field, at_key=True)


def _releases(repository: Repository) -> Iterator[tuple[str, Manifest]]:
    """The releases of Flux that take a chart of this repository, each with its directory."""
    for cluster in repository.flux:
        here = {sync.source: sync.home for sync in cluster.syncs if sync.here}
        for manifest in cluster.of_kinds("HelmRelease"):
            path = text(manifest.get("spec", "chart", "spec", "chart"))
            source = referred(manifest, "spec", "chart", "spec", "sourceRef")
            chart = posixpath.normpath(posixpath.join(here.get(source, ""), path.strip("/")))
            if path and source in here and chart in repository.charts:
                yield chart, manifest


def _files(repository: Repository) -> Iterator[tuple[str, SourceFile]]:
    """Every file of values once for each chart that gets it, the chart's own first."""
    pairs = {(chart, posixpath.join(chart, _OWN)): None for chart in repository.charts}
    for overlay in repository.overlays.values():
        for path in overlay.release.value_files if overlay.how is How.HELM and overlay.release else ():
            pairs[overlay.path, path] = None
    for chart, manifest in _releases(repository):
        for name in map(text, sequence(manifest.get("spec", "chart", "spec", "valuesFiles"))):
            pairs[chart, posixpath.normpath(name.lstrip("/"))] = None
    known = repository.files
    yield from ((chart, known[path]) for chart, path in pairs if path in known and not known[path].problem)
