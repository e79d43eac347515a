"""What files of this repository give the charts in it for values, and what the templates of these do."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scaffold.assemble import chart_files
from scaffold.model import Action, How, Place, Pointer, Repository, SourceFile

_OWN = "values.yaml"


class Given(NamedTuple):
    """A value, where it is given, and whether that is the chart's own file."""

    value: bool | int
    place: Place
    own: bool


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
    return found


def _files(repository: Repository) -> Iterator[tuple[str, SourceFile]]:
    """Every file of values once for each chart that gets it, the chart's own first."""
    pairs = {(chart, posixpath.join(chart, _OWN)): None for chart in repository.charts}
    for overlay in repository.overlays.values():
        for path in overlay.release.value_files if overlay.how is How.HELM and overlay.release else ():
            pairs[overlay.path, path] = None
    known = repository.files
    yield from ((chart, known[path]) for chart, path in pairs if path in known and not known[path].problem)
