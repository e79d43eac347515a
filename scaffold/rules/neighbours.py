"""The Applications, and the templates of generators, that stand beside each other in one directory."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from scaffold.assemble import written
from scaffold.model import Place, Repository
from scaffold.model.values import text


class Neighbour(NamedTuple):
    """One of them; `place` is that of its project, and `sources` are the directories that it deploys."""

    what: str
    name: str
    project: str
    place: Place
    sources: tuple[str, ...] = ()


def by_directory(repository: Repository) -> Mapping[str, list[Neighbour]]:
    """Those whose project is known, by the directory of their files; releases of one chart make one of each."""
    return repository.once(_by_directory)


def in_default(repository: Repository, items: Iterable[Neighbour]) -> list[Neighbour]:
    """Those in the project `default`, but for what deploys other Applications, which those of no team do."""
    made = repository.once(_directories)
    return [item for item in items if item.project == "default" and made.isdisjoint(item.sources)]


def _by_directory(repository: Repository) -> Mapping[str, list[Neighbour]]:
    found: dict[str, list[Neighbour]] = defaultdict(list)
    for item in {item.place[:2]: item for item in _all(repository)}.values():
        found[posixpath.dirname(item.place.path)].append(item)
    return found


def _all(repository: Repository) -> Iterator[Neighbour]:
    """What is written, whatever it is expanded to, and what charts make."""
    for item in written.applications(repository):
        project = item.get("spec", "project")
        if isinstance(project, str) and "{{" not in project:
            paths = tuple(_plain(text(source["path"])) for _, source in item.sources() if "path" in source)
            yield Neighbour(item.what, item.manifest.name, project, item.at("spec", "project"), paths)
    for application in (each for each in repository.applications if each.data.get("spec")):
        file = application.place.path  # below what it deploys, wherever that is said to be
        here = tuple(s.path for s in application.sources if s.here or (s.path and file.startswith(f"{s.path}/")))
        what, place = f"application {application.name!r}", application.at("spec", "project")
        yield Neighbour(what, application.name, application.project, place, here)


def _plain(path: str) -> str:
    return "" if (plain := posixpath.normpath(path)) == "." else plain


def _directories(repository: Repository) -> frozenset[str]:
    """The directories in which Applications are, and all above them."""
    own = {posixpath.dirname(item.place.path) for item in repository.applications}
    parts = [path.split("/") for path in own if path]
    above = ("/".join(each[:end]) for each in parts for end in range(1, len(each) + 1))
    return frozenset(("", *above)) if own else frozenset()
