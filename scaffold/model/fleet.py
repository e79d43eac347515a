"""What a fleet declares: environments, clusters, layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Environment:
    """A named deployment target of the fleet; stages count from 0 in the promotion order.

    `branch` is the one that its applications are deployed from, where it has one of its own.
    """

    name: str
    stage: int = 0
    cluster: str = ""
    gate: str = "auto"
    namespaces: tuple[str, ...] = ()
    branch: str = ""


@dataclass(frozen=True)
class Cluster:
    """Where environments live; `argocd_name` is what Argo CD calls it, `server` its address."""

    name: str
    server: str = ""
    kubernetes_version: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    argocd_name: str = ""


@dataclass(frozen=True)
class Layer:
    """A directory with a Copier answers file."""

    path: str
    kind: str
    answers: Mapping[str, Any]
    answers_file: str


@dataclass(frozen=True)
class Beside:
    """One of several repositories that are looked at together.

    `directory` is where it stands, relative to the one that is validated, which itself has none; `urls` are its
    addresses, `team` the one whose own it is, `environments` what it says of them itself.
    """

    directory: str
    urls: tuple[str, ...] = ()
    team: str = ""
    environments: tuple[Environment, ...] = ()


@dataclass(frozen=True)
class Conventions:
    """What a repository is held to: read from settings and answers, else inferred.

    `paths` are the patterns of where overlays stand, none for the usual ones. `team` is the one whose own repository it
    is, where it is one's. `beside` are the other repositories that are looked at with it, `registered` those of teams,
    this one among them, where the fleet is there too. `per_cluster` tells that each cluster has an Argo CD of its own,
    `only_flux` that nothing but Flux applies anything, `unrestricted` that a kustomization may read files outside of
    its directory, as Flux lets it where nothing that Argo CD builds does so, or Argo CD by its settings. `completed`
    are the kinds, in lower case, whose objects get fields from admission. `patched` tells that a cluster of Flux
    patches all of its Kustomizations, however named, `metricsql` that VictoriaMetrics alone evaluates rules. `stages`
    are the names of directories that hold the same for one environment each, as `staging/web` and `production/web` do.
    `names` are those of the branches that the files of each repository are of, by its directory, `piped` the images
    that kustomizations name and that a pipeline or a script names, too, `updated` those that the image updater sets.
    `domains` are those of the hosts of each environment that are called like an environment themselves, and `common`
    the hosts that are, too, and that several environments name, with which.
    """

    environments: tuple[Environment, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    repository_urls: tuple[str, ...] = ()
    argocd_namespace: str = "argocd"
    declared: bool = False
    profile: str = "default"
    paths: tuple[str, ...] = ()
    team: str = ""
    beside: tuple[Beside, ...] = ()
    registered: tuple[Beside, ...] = ()
    per_cluster: bool = False
    only_flux: bool = False
    unrestricted: bool = False
    completed: tuple[str, ...] = ()
    patched: bool = False
    stages: tuple[str, ...] = ()
    metricsql: bool = False
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    piped: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    domains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    common: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def completes(self, group: str, kind: str) -> bool:
        """Tell whether admission may add fields; nobody leaves those of Kubernetes' own kinds to it."""
        return "." in group and not group.endswith(".k8s.io") and kind.lower() in self.completed

    def home(self, path: str) -> str:
        """The directory of the repository that a path is in; empty for this one."""
        return next((each.directory for each in self.beside if f"{path}/".startswith(f"{each.directory}/")), "")

    def owner(self, path: str) -> str:
        """The team whose own repository a path is in; empty where it is no team's."""
        home = self.home(path)
        return next((each.team for each in self.beside if each.directory == home), self.team)

    def environment(self, name: str) -> Environment | None:
        return next((e for e in self.environments if e.name == name), None)

    def cluster(self, name: str) -> Cluster | None:
        return next((c for c in self.clusters if c.name == name), None)
