"""An Application's name is longer than 63 characters.

Argo CD writes the name into the label and annotation by which it tracks objects, and a label holds 63 characters:
with label tracking every object is refused, and generated names are cut off in dashboards and notifications.

Fails:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments-with-a-name-that-goes-on-and-on-until-nobody-reads-it-in-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: .
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
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: .
      destination:
        name: in-cluster
        namespace: payments
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity

ID = "long-application-name"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_LONGEST = 63


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every name that is too long, of generated applications too."""
    for application in repository.foreseen:
        if len(application.name) > _LONGEST and application.tells(application.name):
            fact = f"application {application.name!r} has a name of {len(application.name)} characters"
            message = f"{fact}, and {_LONGEST} are the most; shorten the names that it is made from"
            yield Finding(application.at("metadata", "name"), ID, message, subject=application.name)
