"""An ApplicationSet generates nothing from this repository.

Argo CD makes no application and says nothing of it; applications that the set made before are deleted, unless its
policy keeps them. Mostly a directory was renamed, or the pattern never matched.

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

from scaffold.model import Finding, Repository, Severity, mapping

ID = "empty-generator"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every set whose generators are all known and make no application; an empty list is so on purpose."""
    for item in repository.sets:
        generators = item.manifest.get("spec", "generators")
        if not (item.names or item.errors or item.unverifiable) and generators and not _empty_list(generators):
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
