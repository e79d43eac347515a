"""An Application stands in a namespace from which its AppProject takes none.

Beside Argo CD's own namespace, where the project is, only those of `sourceNamespaces` are permitted. The Application
says "not allowed to use project", and nothing of it is deployed (3.5).

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
    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: checkout-apps
    spec:
      project: checkout
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: v1.0.0
        path: payments
      destination:
        name: in-cluster
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
      sourceNamespaces:
        - checkout-*
    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: checkout-apps
    spec:
      project: checkout
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: v1.0.0
        path: payments
      destination:
        name: in-cluster
        namespace: payments
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import projects
from scaffold.expand.permission import application_namespace_permitted
from scaffold.model import Finding, Repository, Severity

ID = "forbidden-namespace"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every application whose namespace is refused; where Argo CD is, its project's own namespace tells."""
    seen = set()
    for application in repository.applications:
        project = projects.of(repository, application)
        if project is None or not project.namespace or not application.namespace:
            continue
        verdict = application_namespace_permitted(project.data, application.namespace, project.namespace)
        place = application.at("metadata", "namespace")
        if not verdict.allowed and not verdict.unverifiable and place not in seen:
            seen.add(place)
            message = (
                f"application {application.name!r} is in namespace {application.namespace!r}, from which project "
                f"{project.name!r} takes none, {verdict.reason} ({{0}}); add it to sourceNamespaces there"
            )
            related = (project.place(*verdict.pointer),)
            yield Finding(place, ID, message, subject=f"{application.name}/{application.namespace}", related=related)
