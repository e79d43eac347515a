"""Whether Applications that stand in several files come together in one control plane."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from scaffold import load
from scaffold.assemble import ranks
from scaffold.model import Application, How, Repository, Source, mapping

_NAMING = frozenset(("namePrefix", "nameSuffix"))


class Meeting:
    """Answers for some applications of a repository; it looks once at every kustomization, unless there are none."""

    def __init__(self, repository: Repository, applications: Iterable[Application]) -> None:
        self._kustomizations = repository.kustomizations
        asked = list(applications)
        self._applications = repository.applications if asked else ()
        self._readers: dict[str, set[str]] = {item.place.path: set() for item in (*asked, *self._applications)}
        for directory in self._kustomizations if self._readers else ():
            for path in self._readers.keys() & set(load.read_by(directory, self._kustomizations)):
                self._readers[path].add(directory)

    def under_own_names(self, one: Application, other: Application) -> bool:
        """Tell whether two come together, and no kustomization gives a new name to one alone."""
        readers, others = self._read(one), self._read(other)
        building = (readers ^ others) & self._kustomizations.keys()  # and not charts
        naming = {d for d in building if not _NAMING.isdisjoint(self._kustomizations[d].manifest.data)}
        return not naming and self.together(one, other)

    def together(self, one: Application, other: Application) -> bool:
        """Tell whether two come together: side by side, in one build, or because applications deploy them that do."""
        return control_plane(one) == control_plane(other) and (
            self._beside(one, other)
            or any(self._beside(a, b) for a in self._deployers(one) for b in self._deployers(other))
        )

    def _beside(self, one: Application, other: Application) -> bool:
        readers, others = self._read(one), self._read(other)
        if readers or others:
            in_one_file = one.place.path == other.place.path and one.variant == other.variant
            return in_one_file or not readers.isdisjoint(others)
        paths = one.place.path, other.place.path  # which only a hand applies, and not all of them to one cluster
        return posixpath.dirname(paths[0]) == posixpath.dirname(paths[1]) and not ranks.are_alternatives(*paths)

    def _deployers(self, application: Application) -> Iterator[Application]:
        for other in self._applications:
            if any(source.here and self._deploys(source, application) for source in other.sources):
                yield other

    def _read(self, application: Application) -> set[str]:
        """The directories whose builds have an application."""
        own = "" if application.variant == "." else application.variant
        return {own} if application.variant else self._readers[application.place.path]

    def _deploys(self, source: Source, application: Application) -> bool:
        if readers := self._read(application):
            return source.path in readers
        if source.how is How.HELM:  # what stands beside its templates is not applied
            return False
        directory = posixpath.dirname(application.place.path)
        recursing = mapping(source.options.get("directory")).get("recurse") is True
        return directory == source.path or (recursing and f"{directory}/".startswith(f"{source.path}/".lstrip("/")))


def control_plane(application: Application) -> str:
    """Applications below `clusters/a` and `clusters/b` are given to different control planes."""
    parts = application.place.path.split("/")
    for parent in ("clusters", "control-plane", "bootstrap"):
        if parent in parts[:-2] and not application.generated:
            return parts[parts.index(parent) + 1]
    return ""
