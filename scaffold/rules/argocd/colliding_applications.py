"""Two Applications have the same name in the same namespace.

The second one replaces the first, and with pruning on its objects go; what an ApplicationSet generates counts too.

Fails:

    # a.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: .
      destination:
        name: in-cluster
        namespace: payments
    # b.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: .
      destination:
        name: in-cluster
        namespace: shop

Passes:

    # a.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: .
      destination:
        name: in-cluster
        namespace: payments
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scaffold.assemble.meeting import Meeting, control_plane
from scaffold.model import Application, Finding, Repository, Severity

ID = "colliding-applications"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every application whose name an earlier one has."""
    pairs = list(_pairs(repository.applications))
    meeting = Meeting(repository, (one for pair in pairs for one in pair))
    for earlier, application in pairs:
        if meeting.under_own_names(earlier, application):
            fact = f"application {application.name!r} has the name of another one ({{0}}), and replaces it"
            message = f"{fact}; rename one of them"
            related = (earlier.at("metadata", "name"),)
            yield Finding(application.at("metadata", "name"), ID, message, subject=application.name, related=related)


def _pairs(applications: Iterable[Application]) -> Iterator[tuple[Application, Application]]:
    first: dict[tuple[str, str, str], Application] = {}
    for application in sorted(applications, key=lambda item: item.place[:2]):
        key = (control_plane(application), application.namespace, application.name)
        earlier = first.setdefault(key, application)
        if earlier is not application:
            yield earlier, application
