"""Who may write to another place than the ApplicationSet's own chooses the AppProject of its Applications.

A template that takes the project from a generator of Git, of an SCM provider or of pull requests leaves the choice to
whoever pushes, makes a repository or opens a pull request there, who so gets what any project permits (Argo CD 3.5,
security of ApplicationSets). Where a generator of lists or clusters is combined with it, the parameter may be the
author's own, and only the path that a generator of Git gives is told.

Fails:

    # .gitops-scaffold.yaml
    repository: https://git.example.com/teams/deploy.git
    # teams/web.json
    {"name": "web", "project": "teams"}
    # teams/web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # appset.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: teams
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions: [missingkey=error]
      generators:
        - git:
            repoURL: https://git.example.com/teams/deploy.git
            revision: main
            files:
              - path: teams/*.json
      template:
        metadata:
          name: "{{ .name }}"
        spec:
          project: "{{ .project }}"
          source:
            repoURL: https://git.example.com/teams/deploy.git
            targetRevision: main
            path: "teams/{{ .name }}"
          destination:
            name: in-cluster
            namespace: "{{ .name }}"

Passes:

    # .gitops-scaffold.yaml
    repository: https://git.example.com/teams/deploy.git
    # teams/web.json
    {"name": "web", "project": "teams"}
    # teams/web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # appset.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: teams
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions: [missingkey=error]
      generators:
        - git:
            repoURL: https://git.example.com/teams/deploy.git
            revision: main
            files:
              - path: teams/*.json
      template:
        metadata:
          name: "{{ .name }}"
        spec:
          project: teams
          source:
            repoURL: https://git.example.com/teams/deploy.git
            targetRevision: main
            path: "teams/{{ .name }}"
          destination:
            name: in-cluster
            namespace: "{{ .name }}"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Finding, Manifest, Repository, Severity, dig, is_templated, mapping, sequence

ID = "templated-project"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
PROFILES = ("security",)
_PROJECT = ("spec", "template", "spec", "project")
_PATH = re.compile(r"\bpath\b")
_WHO = {
    "git": "whoever may push to '{}'",
    "scmProvider": "whoever may make a repository there",
    "pullRequest": "whoever may open a pull request there",
}
_COMBINING = ("matrix", "merge")
_DEEPEST = 2  # as Argo CD has it


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every template whose project only generators give that others write to."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of("argoproj.io/ApplicationSet"):
            project = manifest.get(*_PROJECT)
            who = _who(manifest, project) if is_templated(project) else ""
            if who:
                fact = f"ApplicationSet {manifest.name!r} takes the project of its applications from '{project}'"
                message = f"{fact}, so {who} chooses it; write the project out"
                yield Finding(manifest.place(*_PROJECT), ID, message, SEVERITY, subject=manifest.name)


def _who(manifest: Manifest, project: str) -> str:
    """Who gives the parameter that names the project, nothing where that may be the author."""
    items = sequence(manifest.get("spec", "generators"))
    givers = [giver for item in items for giver in _givers(mapping(item), 0)]
    others = [giver for giver in givers if giver]
    return others[0] if others and (len(others) == len(givers) or _PATH.search(project)) else ""


def _givers(item: Mapping[str, Any], depth: int) -> Iterator[str]:
    for kind in _COMBINING if depth < _DEEPEST else ():
        for child in sequence(dig(item, kind, "generators")):
            yield from _givers(mapping(child), depth + 1)
    for kind in item.keys() - {*_COMBINING, "selector"}:
        yield _WHO.get(str(kind), "").format(dig(item, kind, "repoURL"))
