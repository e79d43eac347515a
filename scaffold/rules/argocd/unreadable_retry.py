"""A retry of an Application waits for a time that Argo CD cannot read.

`duration` and `maxDuration` are seconds, or a duration of Go such as `5s`, `3m` or `1h30m`. With another one the sync
that fails says `unable to parse`, and is not tried again (Argo CD 3.5).

Fails:

    # app.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        retry:
          limit: 5
          backoff:
            duration: 5s
            maxDuration: 3min
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data: {}

Passes:

    # app.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        retry:
          limit: 5
          backoff:
            duration: 5s
            maxDuration: 3m
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    data: {}
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.expand.schedules import duration_flaw
from scaffold.model import Finding, Repository, Severity
from scaffold.model.values import is_templated

ID = "unreadable-retry"
SEVERITY = Severity.ERROR
SCOPE = "file"
_BACKOFF = ("spec", "syncPolicy", "retry", "backoff")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such time of an Application, or of a template of some."""
    for item in written.applications(repository):
        for field in ("duration", "maxDuration"):
            told = item.get(*_BACKOFF, field)
            if isinstance(told, str) and _is_unreadable(told):
                fact = f"{item.what} has {field} {told!r} for its retries, which is no duration"
                message = f"{fact}, so that no sync is tried again; write seconds, or such as 30s or 3m"
                yield Finding(item.at(*_BACKOFF, field), ID, message, subject=f"{item.what}/{field}")


def _is_unreadable(told: str) -> bool:
    number = told.lstrip("+-").isdigit()
    return bool(told and not number and not is_templated(told) and duration_flaw(told))
