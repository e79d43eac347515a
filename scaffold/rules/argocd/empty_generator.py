"""An ApplicationSet generates nothing from this repository.

Argo CD makes no application and says nothing of it; applications that the set made before are deleted, unless its
policy keeps them. Mostly a directory was renamed, or the pattern never matched. What waits for directories that nobody
has added yet, and that nothing is called like, is not meant.

Fails:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: teams
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - git:
            repoURL: https://git.example.com/platform/fleet.git
            revision: HEAD
            directories:
              - path: team/*
      template:
        metadata:
          name: "{{ .path.basename }}"
        spec:
          project: default
          source:
            repoURL: https://git.example.com/platform/fleet.git
            targetRevision: HEAD
            path: "{{ .path.path }}"
          destination:
            name: in-cluster
            namespace: "{{ .path.basename }}"
    # root.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: root
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        targetRevision: HEAD
        path: teams/checkout
      destination:
        name: in-cluster
        namespace: argocd
    # teams/checkout/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: teams
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - git:
            repoURL: https://git.example.com/platform/fleet.git
            revision: HEAD
            directories:
              - path: teams/*
      template:
        metadata:
          name: "{{ .path.basename }}"
        spec:
          project: default
          source:
            repoURL: https://git.example.com/platform/fleet.git
            targetRevision: HEAD
            path: "{{ .path.path }}"
          destination:
            name: in-cluster
            namespace: "{{ .path.basename }}"
    # root.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: root
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        targetRevision: HEAD
        path: teams/checkout
      destination:
        name: in-cluster
        namespace: argocd
    # teams/checkout/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any

from scaffold.model import Finding, Repository, Severity, mapping, sequence

ID = "empty-generator"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_NEAR = 0.75  # of difflib: team is near teams, staging is not near dev


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every set whose generators are all known and make no application; an empty list is so on purpose."""
    for item in repository.sets:
        generators = item.manifest.get("spec", "generators")
        if item.names or item.errors or item.unverifiable or not generators:
            continue
        if not (_empty_list(generators) or _waits(generators, repository.directories)):
            message = (
                f"ApplicationSet {item.manifest.name!r} generates no application; mend what its generators look for"
            )
            yield Finding(item.manifest.place("spec", "generators", at_key=True), ID, message, SEVERITY)


def _empty_list(value: Any) -> bool:
    """Tell whether a list generator without elements is anywhere among the generators."""
    if isinstance(value, list):
        return any(_empty_list(item) for item in value)
    given = mapping(value)
    elements = mapping(given.get("list"))
    return ("list" in given and not (elements.get("elements") or elements.get("elementsYaml"))) or any(
        _empty_list(item) for key, item in given.items() if key in ("generators", "matrix", "merge")
    )


def _waits(generators: Any, directories: frozenset[str]) -> bool:
    """Tell whether every generator looks for directories of this repository that are still to come."""
    patterns = [pattern for item in sequence(generators) for pattern in _patterns(mapping(item))]
    return bool(patterns) and all(pattern and _is_to_come(pattern, directories) for pattern in patterns)


def _patterns(generator: Mapping[str, Any]) -> list[str]:
    """The directories that a git generator looks for; an empty one for every other generator."""
    found = [mapping(item) for item in sequence(mapping(generator.get("git")).get("directories"))]
    return [str(item.get("path", "")) for item in found if not item.get("exclude")] or [""]


def _is_to_come(pattern: str, directories: frozenset[str]) -> bool:
    """Tell whether the first part of a pattern that nothing matches is not a slip for the name of something there."""
    level = {"."}
    for part in PurePosixPath(pattern).parts:
        below = [PurePosixPath(path) for path in directories if path not in (".", "") and _parent(path) in level]
        level = {str(path) for path in below if fnmatchcase(path.name, part)}
        if not level:
            return not difflib.get_close_matches(part, {path.name for path in below}, cutoff=_NEAR)
    return False


def _parent(path: str) -> str:
    return str(PurePosixPath(path).parent)
