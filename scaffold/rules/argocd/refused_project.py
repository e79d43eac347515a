"""An AppProject is one that Argo CD's API refuses.

The controller reads it as it is, but neither the command line nor the web interface can change such a project any more:
every change ends with the message about the old flaw (Argo CD 3.5, ValidateProject).

Fails:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/checkout/deploy.git
      destinations:
        - name: in-cluster
          namespace: payments
        - name: in-cluster
          namespace: payments

Passes:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/checkout/deploy.git
      destinations:
        - name: in-cluster
          namespace: payments
        - name: in-cluster
          namespace: orders
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.expand.permission import project_flaws
from scaffold.model import Finding, Repository, Severity

ID = "refused-project"
SEVERITY = Severity.WARNING
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every entry that is refused; roles' policies and windows have rules of their own."""
    for project in written.manifests(repository, "argoproj.io/AppProject"):
        for pointer, fact, remedy in project_flaws(project.data):
            message = f"project {project.name!r} is refused by Argo CD's API, {fact}; {remedy}"
            yield Finding(project.place(*pointer), ID, message, SEVERITY, subject=f"{project.name}/{fact}")
