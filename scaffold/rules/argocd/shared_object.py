"""Two Applications deploy the same object.

Each takes it over from the other: Argo CD shows a SharedResourceWarning, the last sync wins, and pruning in one of them
removes what the other still needs.

Fails:

    # orders.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: orders
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: main
        path: orders
      destination:
        name: in-cluster
        namespace: checkout
    # orders/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: limits
    # payments.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: main
        path: payments
      destination:
        name: in-cluster
        namespace: checkout
    # payments/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: limits

Passes:

    # orders.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: orders
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: main
        path: orders
      destination:
        name: in-cluster
        namespace: checkout
    # orders/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: limits
    # payments.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: main
        path: payments
      destination:
        name: in-cluster
        namespace: checkout
    # payments/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: payments-limits
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold import schemas
from scaffold.assemble import deployed
from scaffold.assemble.clusters import registered
from scaffold.assemble.meeting import Meeting
from scaffold.expand.permission import resolve_destination
from scaffold.model import Application, Finding, RenderedObject, Repository, Severity, dig, mapping

ID = "shared-object"
SEVERITY = Severity.WARNING
SCOPE = "repository"
Key = tuple[str, str, str, str, str]
_LOCAL = "https://kubernetes.default.svc"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every pair of applications once, with the first object that they share."""
    first: dict[Key, Application] = {}
    pairs: dict[tuple[int, int], list[RenderedObject]] = {}
    items = repository.applications
    number = {id(application): index for index, application in enumerate(items)}
    for application in items:
        for key, item in _keys(repository, application):
            earlier = first.setdefault(key, application)
            if earlier is not application and earlier.name != application.name:
                pairs.setdefault((number[id(earlier)], number[id(application)]), []).append(item)
    meeting = Meeting(repository, (items[index] for pair in pairs for index in pair))
    for (one, other), shared in pairs.items():
        if _server(repository, items[one]) != _LOCAL or meeting.together(items[one], items[other]):
            yield _finding(items[one], items[other], shared)


def _finding(earlier: Application, application: Application, shared: list[RenderedObject]) -> Finding:
    more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
    fact = f"application {application.name!r} deploys {shared[0].kind} {shared[0].name!r}{more}"
    message = f"{fact}, as application {earlier.name!r} ({{0}}) does; leave each object to one of them"
    subject = f"{earlier.name}/{application.name}"
    return Finding(application.at("spec"), ID, message, SEVERITY, subject=subject, related=(earlier.at("spec"),))


def _server(repository: Repository, application: Application) -> str:
    given = mapping(dig(application.data, "spec", "destination"))
    found = resolve_destination(given, registered(repository.conventions))
    return found.server or found.name or ""


def _keys(repository: Repository, application: Application) -> Iterator[tuple[Key, RenderedObject]]:
    """What names each object; one that may or may not have a namespace is left out."""
    server = _server(repository, application)
    for _, item in deployed.objects(repository, application) if server else ():
        scope = schemas.scope(item.api_version, item.kind, repository.own_schemas)
        if scope is None and not item.namespace:
            continue
        namespace = "" if scope == "Cluster" else item.namespace or application.destination_namespace
        yield (server, item.identity.group, item.kind, namespace, item.name), item
