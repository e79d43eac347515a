"""What a repository is held to: its settings and answers, else what its layout says."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scaffold.git import Standing
from scaffold.model import Beside, Cluster, Conventions, Environment, Layer, SourceFile, mapping, sequence
from scaffold.settings import Settings

_ANSWERS = re.compile(r"(?:^|/)\.copier-answers[^/]*\.ya?ml\Z")
_IN_CLUSTER = "in-cluster"
_PER_CLUSTER = "per-cluster"
_SERVER = "https://kubernetes.default.svc"


def layers(files: Mapping[str, SourceFile]) -> tuple[Layer, ...]:
    """Every directory with an answers file that names its kind."""
    return tuple(_layers(files))


def _layers(files: Mapping[str, SourceFile]) -> Iterator[Layer]:
    for path, file in files.items():
        if not _ANSWERS.search(path) or not file.documents:
            continue
        answers = mapping(file.documents[0])
        if isinstance(answers.get("kind"), str):
            yield Layer(file.directory, answers["kind"], answers, path)


def conventions(settings: Settings, found: tuple[Layer, ...], standing: Mapping[str, Standing]) -> Conventions:
    """Environments, clusters and addresses; the answers of a cluster's layer win over the settings.

    `standing` is by the directories of the repositories that are looked at. What a team's repository says
    of environments and clusters it repeats from the fleet, so the fleet's word counts where it is there; but for the
    branch of an environment, which is one of the repository that holds the applications.
    """
    fleet, origins = _of_fleet(settings), {directory: each.origin for directory, each in standing.items()}
    environments = tuple(_branched(item, settings) for item in fleet.environments)
    beside = tuple(_beside(directory, known, found, origins) for directory, known in settings.beside)
    layers_here = [layer for layer in found if not any(_is_in(layer, each.directory) for each in beside)]
    own = _beside("", settings, layers_here, origins)
    there = environments and not all(each.team for each in (own, *beside))  # a fleet, be it one without settings
    teams = tuple(each for each in (own, *beside) if each.team) if there else ()
    return Conventions(
        environments,
        _clusters(fleet, found),
        own.urls,
        declared=bool(environments),
        profile=settings.profile,
        paths=settings.paths,
        team=settings.team,
        beside=beside,
        registered=teams,
        per_cluster=fleet.control_planes == _PER_CLUSTER,
        names={directory: each.names for directory, each in standing.items()},
    )


def _branched(environment: Environment, settings: Settings) -> Environment:
    every = (item for known in (settings, *(known for _, known in settings.beside)) for item in known.environments)
    named = (item.branch for item in every if item.name == environment.name and item.branch)
    return dataclasses.replace(environment, branch=next(named, ""))


def _of_fleet(settings: Settings) -> Settings:
    """The settings of the fleet, among those of the repositories that are looked at."""
    every = (settings, *(known for _, known in settings.beside))
    return next((known for known in every if known.environments and not known.team), settings)


def _beside(directory: str, known: Settings, found: Iterable[Layer], origins: Mapping[str, str]) -> Beside:
    own = (layer for layer in found if _is_in(layer, directory))
    return Beside(directory, _urls(known, own, origins.get(directory, "")), known.team, known.environments)


def _is_in(layer: Layer, directory: str) -> bool:
    return not directory or f"{layer.path}/".startswith(f"{directory}/")


def _clusters(settings: Settings, found: tuple[Layer, ...]) -> tuple[Cluster, ...]:
    known = {cluster.name: cluster for cluster in settings.clusters}
    for environment in settings.environments:
        known.setdefault(environment.cluster, Cluster(environment.cluster))
    for layer in found:
        if layer.kind == "cluster":
            cluster = _cluster(layer.answers)
            known[cluster.name] = dataclasses.replace(known.get(cluster.name, cluster), **_known(cluster))
    known.pop("", None)
    named = (_complete(cluster, settings) for cluster in known.values())
    return tuple(sorted(named, key=lambda cluster: cluster.name))


def _cluster(answers: Mapping[str, Any]) -> Cluster:
    return Cluster(_text(answers, "cluster"), _text(answers, "server"), _text(answers, "kubernetes_version"))


def _known(cluster: Cluster) -> dict[str, Any]:
    fields = {"server": cluster.server, "kubernetes_version": cluster.kubernetes_version}
    return {key: value for key, value in fields.items() if value}


def _complete(cluster: Cluster, settings: Settings) -> Cluster:
    """The cluster that Argo CD itself is on is called in-cluster by it, whatever the fleet calls it.

    Where each has one, `server` stays what people know it by.
    """
    own, hub = settings.control_planes == _PER_CLUSTER, cluster.name == settings.control_plane
    return dataclasses.replace(
        cluster,
        server=cluster.server or (_SERVER if hub and not own else ""),
        kubernetes_version=cluster.kubernetes_version or settings.kubernetes,
        argocd_name=_IN_CLUSTER if own or hub or cluster.server == _SERVER else cluster.name,
    )


def _urls(settings: Settings, found: Iterable[Layer], origin: str) -> tuple[str, ...]:
    answered = (_text(layer.answers, "repository_url") for layer in found)
    return tuple(dict.fromkeys(url for url in (settings.repository, *answered, origin) if url))


def _text(answers: Mapping[str, Any], key: str) -> str:
    value = answers.get(key)
    return value if isinstance(value, str) else ""


def targets(layer: Layer) -> tuple[str, ...]:
    """The names of the environments that a team or an application targets."""
    names = (mapping(item).get("name", item) for item in sequence(layer.answers.get("environments")))
    return tuple(name for name in names if isinstance(name, str))


def inferred(known: Conventions, names: Iterable[str]) -> Conventions:
    """Conventions with the environments that the layout shows, where nothing declares any."""
    if known.declared:
        return known
    environments = tuple(Environment(name, stage) for stage, name in enumerate(sorted(set(names))))
    return dataclasses.replace(known, environments=environments)
