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

from collections.abc import Iterator, Mapping
from typing import Any

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
from scaffold.nearest import near

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
            selecting = any(mapping(window).get(field) for field in _LISTS)
            if selecting and not any(sync_windows.binds(window, item) for item in known):
                yield _finding(project, index, known)


def _project(item: ApplicationSet) -> str:
    """The project of a generator's applications, or nothing where it may be any, as where something patches it."""
    told = {draft.project for draft in item.drafts}
    open_ = any(is_variable(name) or is_templated(name) for name in told)
    return told.pop() if len(told) == 1 and not open_ else ""


def _finding(project: Manifest, index: int, known: list[Application]) -> Finding:
    window = mapping(project.get("spec", "syncWindows", index))
    idle = [field for field in _LISTS if window.get(field) and not _selected(window, field, known)]
    fields = idle or [field for field in _LISTS if window.get(field)]
    fact = f"sync window of project {project.name!r} {_fact(window, fields, idle=bool(idle))}"
    remedy = _remedy(window, fields[0], known) if idle else _meeting(window, fields[0], fields[-1], known)
    place = project.place("spec", "syncWindows", index, fields[0] if idle else fields[-1], 0)
    message = f"{fact}; {remedy}, or remove the window"
    return Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=f"{project.name}/{index}")


def _fact(window: Mapping[str, Any], fields: list[str], *, idle: bool) -> str:
    whole = " and ".join(f"{field} {_patterns(window, field)}" for field in fields)
    if window.get("andOperator") is not True or sum(bool(window.get(field)) for field in _LISTS) == 1:
        return f"is for {whole}, and selects none of its applications"
    if idle:
        return f"selects by all of its lists (andOperator), and none of its applications by {whole}"
    return f"selects by all of its lists (andOperator), and no application by each of {whole}"


def _selected(window: Mapping[str, Any], field: str, known: list[Application]) -> bool:
    return any(sync_windows.binds({field: window[field]}, item) for item in known)


def _patterns(window: Mapping[str, Any], field: str) -> str:
    return ", ".join(repr(str(text)) for text in sequence(window.get(field)))


def _remedy(window: Mapping[str, Any], field: str, known: list[Application]) -> str:
    """What to write: what an Application has there that is most like what the window has."""
    told = next((str(text) for text in sequence(window.get(field))), "")
    values = [value for item in known for value in _values(field, item) if value]
    if not values:
        return "name them by another list"
    example = near(told, values, 0) or values[-1]
    named, served = (any(getattr(item, side) for item in known) for side in ("cluster", "server"))
    if field == "clusters" and named != served and ("://" in told) == named:
        given = "name" if named else "server"
        return f"it is compared with what the applications write, a {given} of the cluster, so write {example!r}"
    return f"name one, such as {example!r}"


def _meeting(window: Mapping[str, Any], field: str, other: str, known: list[Application]) -> str:
    """What one list has to have for an application that another one selects."""
    chosen = next((item for item in known if _selected(window, field, [item])), known[-1])
    value = next((text for text in _values(other, chosen) if text), "")
    return f"write in {other} what {chosen.name!r} has there, {value!r}" if value else f"take out {other}"


def _values(field: str, item: Application) -> tuple[str, ...]:
    return {
        "applications": (item.name,),
        "clusters": (item.cluster, item.server),
        "namespaces": (item.destination_namespace,),
    }[field]
