"""Two Applications deploy the same object.

Each takes it over from the other: Argo CD shows a SharedResourceWarning, the last sync wins, and pruning in one of them
removes what the other still needs. Where they share one object of two files, it is told at that.

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
from typing import NamedTuple

from scaffold import schemas
from scaffold.assemble import deployed
from scaffold.assemble.meeting import Meeting
from scaffold.model import Application, Finding, Overlay, Place, RenderedObject, Repository, Severity
from scaffold.rules.declaring import declared

ID = "shared-object"
SEVERITY = Severity.WARNING
SCOPE = "repository"
Key = tuple[str, str, str, str, str]
_LOCAL = "https://kubernetes.default.svc"


class _Deployed(NamedTuple):
    """An object that an application deploys, by the number of that."""

    application: int
    overlay: Overlay
    item: RenderedObject


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every pair of applications once, with the first object that they share."""
    first: dict[Key, _Deployed] = {}
    pairs: dict[tuple[int, int], list[tuple[_Deployed, _Deployed]]] = {}
    items = repository.applications
    for index, application in enumerate(items):
        for key, overlay, item in _keys(repository, application):
            made = _Deployed(index, overlay, item)
            earlier = first.setdefault(key, made)
            if earlier.application != index and items[earlier.application].name != application.name:
                pairs.setdefault((earlier.application, index), []).append((earlier, made))
    meeting = Meeting(repository, (items[index] for pair in pairs for index in pair))
    for (one, other), shared in pairs.items():
        if deployed.cluster(repository, items[one]) != _LOCAL or meeting.together(items[one], items[other]):
            yield _finding(repository, items[one], items[other], shared)


def _finding(
    repository: Repository, earlier: Application, application: Application, shared: list[tuple[_Deployed, _Deployed]]
) -> Finding:
    before, made = shared[0]
    more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
    fact = f"application {application.name!r} deploys {made.item.kind} {made.item.name!r}{more}"
    message = f"{fact}, as application {earlier.name!r} ({{0}}) does; leave each object to one of them"
    subject = f"{earlier.name}/{application.name}"
    there, place = (_declared(repository, each) for each in (before, made))
    if more or not there or not place or there == place:  # it is not the one object that makes two of it
        there, place = earlier.at("spec"), application.at("spec")
    return Finding(place, ID, message, SEVERITY, subject=subject, related=(there,))


def _declared(repository: Repository, made: _Deployed) -> Place | None:
    """Where the name of an object stands, if a file says it as it is."""
    place = declared(repository, made.overlay, made.item)
    file = repository.files.get(place.path)
    heads = file.heads if file and place.pointer else ()
    named = any(head.document == place.document and head.name == made.item.name for head in heads)
    return place._replace(pointer=("metadata", "name")) if named else None


def _keys(repository: Repository, application: Application) -> Iterator[tuple[Key, Overlay, RenderedObject]]:
    """What names each object; one that may or may not have a namespace is left out."""
    server = deployed.cluster(repository, application)
    for overlay, item in deployed.objects(repository, application) if server else ():
        scope = schemas.scope(item.api_version, item.kind, repository.own_schemas)
        if scope is None and not item.namespace:
            continue
        namespace = "" if scope == "Cluster" else item.namespace or application.destination_namespace
        yield (server, item.identity.group, item.kind, namespace, item.name), overlay, item
