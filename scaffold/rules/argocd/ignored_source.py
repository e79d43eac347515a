"""An Application has both `source` and `sources`, or a source has both a chart and a path; one of them does not count.

Argo CD reads `source` only where `sources` is empty, `path` only where `chart` is, and the text `values` of Helm only
where `valuesObject` is not given (3.5), and does not say that it leaves one out.

Fails:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://charts.example.com
        chart: payments
        targetRevision: 1.5.0
      sources:
        - repoURL: https://charts.example.com
          chart: payments
          targetRevision: 1.4.2
      destination:
        name: in-cluster
        namespace: payments

Passes:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      sources:
        - repoURL: https://charts.example.com
          chart: payments
          targetRevision: 1.4.2
      destination:
        name: in-cluster
        namespace: payments
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.expand.sources import used_sources
from scaffold.model import Application, Finding, Place, Repository, Severity, is_templated, mapping, sequence

ID = "ignored-source"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every application with both; a generator's applications share one place."""
    seen = set()
    for application in repository.foreseen:
        for place, fact in _ignored(application):
            if place not in seen:
                seen.add(place)
                yield Finding(place, ID, f"application {application.name!r} has {fact}", subject=application.name)


def _ignored(application: Application) -> Iterator[tuple[Place, str]]:
    spec = mapping(application.data.get("spec"))
    if mapping(spec.get("source")) and sequence(spec.get("sources")) and not spec.get("sourceHydrator"):
        fact = "a source that is ignored, since it has sources; move it into the list, or remove it"
        yield application.at("spec", "source", at_key=True), fact
    for source in application.sources:
        if source.chart and source.path and not is_templated(source.chart + source.path):
            place = source.place._replace(pointer=(*source.place.pointer, "path"), at_key=True)
            yield place, f"a path {source.path!r} that is ignored, since it has a chart {source.chart!r}; remove one"
    for pointer, held in used_sources(application.data):
        helm = mapping(held.get("helm"))
        if helm.get("values") and mapping(helm.get("valuesObject")):
            place = application.at(*pointer, "helm", "values", at_key=True)
            yield place, "helm values that are ignored, since it has valuesObject; move them there"
