"""One Application is in the project `default`, while the project of its directory is there for nobody.

The project, wherever it stands, is called like the directory, and limits nothing, since nothing is in it; `default`
permits every source, every cluster and every kind.

Fails:

    # shop/web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/web.git
        targetRevision: v1.4.2
        path: deploy
      destination:
        name: in-cluster
        namespace: shop
    # shop/project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/shop/*
      destinations:
        - name: in-cluster
          namespace: shop

Passes:

    # shop/web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/shop/web.git
        targetRevision: v1.4.2
        path: deploy
      destination:
        name: in-cluster
        namespace: shop
    # shop/project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/shop/*
      destinations:
        - name: in-cluster
          namespace: shop
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.model import Confidence, Finding, Manifest, Repository, Severity
from scaffold.model.values import text
from scaffold.rules import neighbours

ID = "bypassed-project"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the only application of such a directory that is in no project of its own."""
    unused = _unused(repository)
    for directory, items in neighbours.by_directory(repository).items():
        strays, idle = neighbours.in_default(repository, items), unused.get(posixpath.basename(directory))
        if idle and len(strays) == 1 and all(item.project == "default" for item in items):
            fact = f"{strays[0].what} is in project 'default', which permits everything"
            message = f"{fact}, while project {idle.name!r} ({{0}}) is there for nobody; name its project"
            place, related = strays[0].place, (idle.place("metadata", "name"),)
            yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=strays[0].name, related=related)


def _unused(repository: Repository) -> dict[str, Manifest]:
    """The projects by their names, which directories may have, where nothing is in them, whatever generators make."""
    told = [text(item.get("spec", "project")) for item in written.applications(repository)]
    used = {*told, *(application.project for application in repository.applications)}
    if any("{{" in name for name in told):
        return {}
    projects = written.manifests(repository, "argoproj.io/AppProject")
    return {project.name: project for project in projects if project.name not in used}
