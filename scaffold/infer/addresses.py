"""The repository and the clusters by the names that the engine's objects use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from scaffold.expand import nested
from scaffold.model import Application, Repository, sequence

_IN_CLUSTER = "in-cluster"
_SERVER = "https://kubernetes.default.svc"


class Addresses(NamedTuple):
    """Clusters by name, with the address of their API server where one is said.

    `open` tells that generators choose among clusters that no file has to name, so that these may be some of many.
    """

    known: Mapping[str, str]
    open: bool

    def name(self, application: Application) -> str:
        """The name of the cluster that an application goes to."""
        return _name(application) or next((n for n, server in self.known.items() if server == application.server), "")

    @property
    def control_plane(self) -> str:
        """The cluster that Argo CD itself is on, where applications go there."""
        return _IN_CLUSTER if _IN_CLUSTER in self.known else ""


def of(repository: Repository) -> Addresses:
    """The clusters that applications go to, and those of Flux."""
    known: dict[str, str] = {}
    for application in repository.applications:
        name = _name(application)
        if name and "{{" not in name + application.server:
            known[name] = known.get(name) or application.server or (_SERVER if name == _IN_CLUSTER else "")
    known.update({cluster.name.rpartition("/")[2]: "" for cluster in repository.flux if cluster.name})
    open_ = any(_chooses(sequence(item.manifest.get("spec", "generators"))) for item in repository.sets)
    return Addresses(dict(sorted(known.items())), open_)


def _name(application: Application) -> str:
    """What a cluster is called: by its name, or by the host of its address."""
    if application.cluster:
        return application.cluster
    return _IN_CLUSTER if application.server == _SERVER else urlsplit(application.server).hostname or ""


def _chooses(generators: object) -> bool:
    """Tell whether a generator, or one within it, goes through the clusters that are registered."""
    return any("clusters" in item for _, item in nested.generators(generators))


def repository_url(repository: Repository) -> str:
    """The address of the repository, as most applications that come from it spell it."""
    own = Counter(url for url, here in _sources(repository) if here)
    if own:
        return own.most_common(1)[0][0]
    if repository.conventions.repository_urls:
        return repository.conventions.repository_urls[0]
    there = Counter(url for url, _ in _sources(repository, among=repository.directories))
    return there.most_common(1)[0][0] if there else ""


def _sources(repository: Repository, among: frozenset[str] | None = None) -> Iterator[tuple[str, bool]]:
    for application in repository.applications:
        for source in application.sources:
            if source.path and source.path != "." and (among is None or source.path.strip("/") in among):
                yield source.repo_url, source.here
