"""A sync window selects no Application of its project.

Nothing is allowed or denied by it, so what it should hold back is synchronised at any time. It is looked at where the
repository tells the applications of the project.

Fails:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/shop/deploy.git
      clusterResourceWhitelist:
        - group: ''
          kind: Namespace
      destinations:
        - name: in-cluster
          namespace: web
      syncWindows:
        - kind: allow
          schedule: 0 8 * * 1-5
          duration: 8h
          applications:
            - '*-prod'
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true

Passes:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/shop/deploy.git
      clusterResourceWhitelist:
        - group: ''
          kind: Namespace
      destinations:
        - name: in-cluster
          namespace: web
      syncWindows:
        - kind: allow
          schedule: 0 8 * * 1-5
          duration: 8h
          applications:
            - '*-production'
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import projects
from scaffold.expand import sync_windows
from scaffold.model import (
    Application,
    ApplicationSet,
    Confidence,
    Finding,
    Manifest,
    Repository,
    Severity,
    is_templated,
    is_variable,
    mapping,
    sequence,
)

ID = "idle-sync-window"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_LISTS = ("applications", "namespaces", "clusters")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every window that is for none of the applications, where none of the project's is unknown."""
    hidden = {_project(item) for item in repository.sets if item.unverifiable or item.errors}
    own: dict[str, list[Application]] = {}
    for item in repository.applications:
        own.setdefault(item.project, []).append(item)
    for project in () if "" in hidden else projects.every(repository):
        if project.name in hidden:
            continue
        known = own.get(project.name, [])
        for index, window in enumerate(sequence(project.get("spec", "syncWindows")) if known else ()):
            field = next((name for name in _LISTS if mapping(window).get(name)), "")
            if field and not any(sync_windows.binds(window, item) for item in known):
                yield _finding(project, index, field, known)


def _project(item: ApplicationSet) -> str:
    """The project of a generator's applications, or nothing where it may be any, as where something patches it."""
    told = {draft.project for draft in item.drafts}
    open_ = any(is_variable(name) or is_templated(name) for name in told)
    return told.pop() if len(told) == 1 and not open_ else ""


def _finding(project: Manifest, index: int, field: str, known: list[Application]) -> Finding:
    patterns = ", ".join(repr(str(text)) for text in sequence(project.get("spec", "syncWindows", index, field)))
    fact = f"sync window of project {project.name!r} is for {field} {patterns}, and selects none of its applications"
    message = f"{fact}; name one, such as {known[-1].name!r}, or remove the window"
    place = project.place("spec", "syncWindows", index, field, 0)
    return Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=f"{project.name}/{index}")
