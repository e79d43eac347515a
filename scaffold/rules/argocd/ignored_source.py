"""An Application has both `source` and `sources`, and only the list counts.

Argo CD reads `source` only where `sources` is empty (3.5), and does not say that it leaves one out.

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

from scaffold.model import Finding, Repository, Severity, mapping, sequence

ID = "ignored-source"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every application with both; a generator's applications share one place."""
    seen = set()
    for application in repository.foreseen:
        spec = mapping(application.data.get("spec"))
        place = application.at("spec", "source", at_key=True)
        both = mapping(spec.get("source")) and sequence(spec.get("sources")) and not spec.get("sourceHydrator")
        if both and place not in seen:
            seen.add(place)
            fact = f"application {application.name!r} has a source that is ignored, since it has sources"
            yield Finding(place, ID, f"{fact}; move it into the list, or remove it", subject=application.name)
