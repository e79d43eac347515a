"""Labels or annotations for the namespace of an Application are never set.

`managedNamespaceMetadata` is read only with the sync option `CreateNamespace=true`; without it the namespace keeps the
labels that it has, so that, for one, its Pod Security level is not what the Application says (Argo CD 3.5).

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
        targetRevision: 1.4.2
      destination:
        name: in-cluster
        namespace: payments
      syncPolicy:
        managedNamespaceMetadata:
          labels:
            pod-security.kubernetes.io/enforce: restricted

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
        repoURL: https://charts.example.com
        chart: payments
        targetRevision: 1.4.2
      destination:
        name: in-cluster
        namespace: payments
      syncPolicy:
        managedNamespaceMetadata:
          labels:
            pod-security.kubernetes.io/enforce: restricted
        syncOptions:
          - CreateNamespace=true
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, dig, mapping, sequence

ID = "ignored-namespace-metadata"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_OPTION = "CreateNamespace=true"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every application with such metadata and without the option; a generator's share one place."""
    seen = set()
    for application in repository.foreseen:
        policy = mapping(dig(application.data, "spec", "syncPolicy"))
        place = application.at("spec", "syncPolicy", "managedNamespaceMetadata", at_key=True)
        ignored = mapping(policy.get("managedNamespaceMetadata")) and _OPTION not in sequence(policy.get("syncOptions"))
        if ignored and place not in seen:
            seen.add(place)
            fact = f"application {application.name!r} sets metadata of its namespace, which nothing reads"
            yield Finding(place, ID, f"{fact}; add the sync option {_OPTION}", subject=application.name)
