"""The hook of a template is none that Helm knows.

Helm 4.2 leaves an object out as a whole where any of the words of `helm.sh/hook` is unknown, and says nothing of it; so
do Argo CD and Flux, which render with it. Looked at are templates of charts of this repository.

Fails:

    # web.yaml
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
        path: charts/web
        helm:
          valueFiles:
            - ../../production.yaml
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # production.yaml
    mode: fast
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/values.yaml
    mode: slow
    # charts/web/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      annotations:
        helm.sh/hook: pre-install,pre-update
    data:
      mode: {{ .Values.mode }}

Passes:

    # web.yaml
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
        path: charts/web
        helm:
          valueFiles:
            - ../../production.yaml
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # production.yaml
    mode: fast
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/values.yaml
    mode: slow
    # charts/web/templates/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      annotations:
        helm.sh/hook: pre-install,pre-upgrade
    data:
      mode: {{ .Values.mode }}
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Place, Repository, Severity
from scaffold.nearest import hint
from scaffold.rules import given

ID = "unknown-helm-hook"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_DEFINITION = "crd-install"  # of Helm 2
_KNOWN = (
    *("pre-install", "post-install", "pre-delete", "post-delete", "pre-upgrade", "post-upgrade"),
    *("pre-rollback", "post-rollback", "test", "test-success"),
)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the first word of each annotation that names no event."""
    for _, path, action in given.actions(repository, "hook"):
        words = (word.strip() for word in action.text.split(","))
        unknown = next((word for word in words if word.lower() not in _KNOWN), None)
        if unknown is not None:
            remedy = "put it into 'crds/'" if unknown == _DEFINITION else hint(unknown, _KNOWN)
            message = f"hook {unknown!r} is unknown to Helm, which leaves the object out; {remedy}"
            yield Finding(Place(path, line=action.line, column=action.column), ID, message, subject=unknown)
