"""An Application applies an object that is too large to be applied on the client.

Without `ServerSideApply=true` Argo CD remembers what it has applied in an annotation of the object, and the API server
takes 262144 bytes of annotations at most: the synchronisation fails with `metadata.annotations: Too long`, for the
first time or when the object has grown (Argo CD 3.5, Kubernetes 1.37). Config maps, secrets and definitions of kinds
are looked at, since no others get so large.

Fails:

    # .gitops-scaffold.yaml
    repository: https://git.example.com/platform/deploy.git
    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: dashboards
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/deploy.git
        path: dashboards
      destination:
        name: in-cluster
        namespace: monitoring
    # dashboards/Chart.yaml
    apiVersion: v2
    name: dashboards
    version: 1.0.0
    # dashboards/templates/overview.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: overview
    data:
      overview.json: {{ repeat 27000 "0123456789" | quote }}

Passes:

    # .gitops-scaffold.yaml
    repository: https://git.example.com/platform/deploy.git
    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: dashboards
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/deploy.git
        path: dashboards
      destination:
        name: in-cluster
        namespace: monitoring
      syncPolicy:
        syncOptions:
          - ServerSideApply=true
    # dashboards/Chart.yaml
    apiVersion: v2
    name: dashboards
    version: 1.0.0
    # dashboards/templates/overview.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: overview
    data:
      overview.json: {{ repeat 27000 "0123456789" | quote }}
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import deployed
from scaffold.expand import client_side
from scaffold.model import Application, Finding, How, Overlay, RenderedObject, Repository, Severity, dig, sequence
from scaffold.rules.declaring import declared

ID = "oversized-object"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such object once, for the first application that applies it on the client."""
    seen = set()
    for application in repository.applications:
        if client_side.avoids(sequence(dig(application.data, "spec", "syncPolicy", "syncOptions"))):
            continue
        for overlay, item in _objects(repository, application):
            if item.too_large and (overlay.name, item.identity) not in seen:
                seen.add((overlay.name, item.identity))
                fact = f"{item.kind} {item.name!r} is over {client_side.LIMIT} bytes, which application"
                fact = f"{fact} {application.name!r} ({{0}}) cannot apply on the client"
                message = f"{fact}; add the sync option ServerSideApply=true there"
                subject = f"{overlay.path}/{item.kind}/{item.name}"
                place = declared(repository, overlay, item)
                yield Finding(place, ID, message, subject=subject, related=(application.at("spec"),))


def _objects(repository: Repository, application: Application) -> Iterator[tuple[Overlay, RenderedObject]]:
    """What an application deploys, charts with the values by which they are rendered here."""
    yield from deployed.objects(repository, application)
    for source in application.sources:
        chart = deployed.built(repository, application, source) if source.here and not source.ref else None
        if chart and chart.how is How.HELM:
            yield from ((chart, item) for item in chart.objects)
