"""An ApplicationSet looks into a directory that is not there, and generates nothing.

Argo CD makes no application and says nothing of it; applications that the set made before are deleted, unless its
policy keeps them. Only where a directory at the root is nearly called so is anything said: a set may be there before
what it looks for.

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

from collections.abc import Iterator
from typing import Any

from scaffold.model import Confidence, Finding, Repository, Severity, dig, mapping, sequence
from scaffold.nearest import near

ID = "empty-generator"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_LIKENESS = 0.8
_PATTERN = frozenset("*?[{")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every set that makes no application, for a directory at the root that no other set looks into."""
    roots = [path for path in repository.directories if "/" not in path]
    for item in repository.sets:
        if item.names or item.errors or item.unverifiable:
            continue
        generators = item.manifest.get("spec", "generators")
        for first in dict.fromkeys(pattern.split("/")[0] for pattern in _patterns(generators)):
            guess = near(first, roots, _LIKENESS) if first not in roots and _PATTERN.isdisjoint(first) else ""
            others = (other.manifest.get("spec", "generators") for other in repository.sets if other is not item)
            if guess and not any(text.startswith(f"{guess}/") for other in others for text in _patterns(other)):
                fact = f"ApplicationSet {item.manifest.name!r} generates no application, since {first!r} is not there"
                place = item.manifest.place("spec", "generators", at_key=True)
                yield Finding(place, ID, f"{fact}; did you mean {guess!r}?", SEVERITY, Confidence.MEDIUM, first)


def _patterns(value: Any) -> Iterator[str]:
    """The paths that generators of directories and files look for, in combined generators too."""
    for item in sequence(value):
        for key, inner in mapping(item).items():
            if key in ("directories", "files"):
                yield from (str(dig(entry, "path")) for entry in sequence(inner) if not dig(entry, "exclude"))
            elif key in ("git", "matrix", "merge"):
                yield from _patterns([inner] if key == "git" else dig(inner, "generators"))
