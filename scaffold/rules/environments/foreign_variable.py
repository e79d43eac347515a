"""A cluster of Flux is told by a variable that it is another environment's.

What a Kustomization substitutes for the name of the cluster, or of its environment, was copied and not changed: two
clusters then take each other's DNS records, write to one bucket, or report under one name. Reported is a value below
`postBuild.substitute` whose key speaks of the cluster or the environment and that begins or ends with the name of
another environment, in a cluster that is called like one, where a cluster of that other one has the same key.

Fails:

    # clusters/staging/sync.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 1m
      url: https://git.example.com/fleet.git
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/staging
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      postBuild:
        substitute:
          cluster_name: shop-staging
    # clusters/production/sync.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 1m
      url: https://git.example.com/fleet.git
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/production
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      postBuild:
        substitute:
          cluster_name: shop-staging
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: shop
      namespace: default
    data:
      cluster: ${cluster_name}

Passes:

    # clusters/staging/sync.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 1m
      url: https://git.example.com/fleet.git
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/staging
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      postBuild:
        substitute:
          cluster_name: shop-staging
    # clusters/production/sync.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 1m
      url: https://git.example.com/fleet.git
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/production
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      postBuild:
        substitute:
          cluster_name: shop-production
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: shop
      namespace: default
    data:
      cluster: ${cluster_name}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.assemble import ranks
from scaffold.model import Confidence, Finding, Manifest, Place, Pointer, Repository, Severity, is_variable, mapping

ID = "foreign-variable"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_SUBSTITUTE: Pointer = ("spec", "postBuild", "substitute")
_WORDS = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+")
_TELLING = frozenset(("cluster", "env", "environment", "stage"))


class _Variable(NamedTuple):
    """What a Kustomization of a cluster says that its own cluster or environment is called."""

    environment: str
    sync: Manifest
    key: str
    value: str

    @property
    def place(self) -> Place:
        return self.sync.place(*_SUBSTITUTE, self.key)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every value that names another environment than that of its cluster."""
    known = ranks.known(repository.directories)
    every = list(_variables(repository, known))
    there = {(each.environment, each.sync.name, each.key): each for each in every}
    for each in every:
        other = ranks.word(each.value, known)
        twin = there.get((other, each.sync.name, each.key))
        if other and twin and ranks.rank(other) != ranks.rank(each.environment) and not _is_of(each):
            yield _finding(each, twin)


def _variables(repository: Repository, known: frozenset[str]) -> Iterator[_Variable]:
    for cluster in repository.flux:
        environment = ranks.word(cluster.name.rpartition("/")[2], known) or ranks.part(cluster.name, known)
        for sync in cluster.syncs if environment else ():
            for key, value in mapping(sync.manifest.get(*_SUBSTITUTE)).items():
                words = {word.lower() for word in _WORDS.findall(str(key))}
                if isinstance(value, str) and not is_variable(value) and not words.isdisjoint(_TELLING):
                    yield _Variable(environment, sync.manifest, str(key), value)


def _is_of(variable: _Variable) -> bool:
    """Tell whether a value names the environment of its cluster as well."""
    return variable.environment in re.split("[-_.]", variable.value)


def _finding(variable: _Variable, twin: _Variable) -> Finding:
    own, other = variable.environment, twin.environment
    fact = f"Kustomization {variable.sync.name!r} of cluster {own!r} sets {variable.key!r} to {variable.value!r}"
    message = f"{fact}, which is of environment {other!r} ({{0}}); name {own!r} there"
    return Finding(variable.place, ID, message, SEVERITY, Confidence.MEDIUM, related=(twin.place,))
