"""What a fleet declares: environments, clusters, layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Environment:
    """A named deployment target of the fleet; stages count from 0 in the promotion order."""

    name: str
    stage: int = 0
    cluster: str = ""
    gate: str = "auto"
    namespaces: tuple[str, ...] = ()


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
class Conventions:
    """What a repository is held to: read from settings and answers, else inferred.

    `paths` are the patterns of where overlays stand, none for the usual ones. `team` is the one whose own repository it
    is, where it is one's.
    """

    environments: tuple[Environment, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    repository_urls: tuple[str, ...] = ()
    argocd_namespace: str = "argocd"
    declared: bool = False
    profile: str = "default"
    paths: tuple[str, ...] = ()
    team: str = ""

    def environment(self, name: str) -> Environment | None:
        return next((e for e in self.environments if e.name == name), None)

    def cluster(self, name: str) -> Cluster | None:
        return next((c for c in self.clusters if c.name == name), None)
