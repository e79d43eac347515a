"""An Application's path is not in the repository.

Argo CD answers ComparisonError: "app path does not exist". Sources in other repositories are not looked at, and
neither are other revisions than the branch that is checked out.

Fails:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      sources:
        - repoURL: https://git.example.com/platform/fleet.git
          path: apps/payments
        - repoURL: https://git.example.com/platform/fleet.git
          path: apps/paymnets
      destination:
        name: in-cluster
        namespace: payments
    # apps/payments/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: apps/payments
      destination:
        name: in-cluster
        namespace: payments
    # apps/payments/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, is_variable
from scaffold.nearest import near

ID = "missing-path"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every path of this repository that is no directory in it; generated applications share one place."""
    seen = set()
    for application in repository.foreseen:
        for source in application.sources:
            there = source.path in repository.directories or (source.ref and not source.path)
            known = application.tells(source.path) and not is_variable(source.path)
            if there or not known or not source.here or (source.place, source.path) in seen:
                continue
            seen.add((source.place, source.path))
            fact = "is a file" if source.path in repository.paths else "is not there"
            remedy = _remedy(repository, source.path)
            message = f"application {application.name!r} deploys path {source.path!r}, which {fact}; {remedy}"
            place = source.place._replace(pointer=(*source.place.pointer, "path"))
            yield Finding(place, ID, message, subject=f"{application.name}/{source.path}")


def _remedy(repository: Repository, path: str) -> str:
    parent = posixpath.dirname(path)
    beside = [directory for directory in repository.directories if posixpath.dirname(directory) == parent]
    guess = near(path, beside) or near(path, repository.directories if len(repository.directories) < 5000 else ())
    return f"did you mean {guess!r}?" if guess else "add the directory, or mend the path"
