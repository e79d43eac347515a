"""A rule of Argo CD's RBAC policy is about a project that no AppProject is called.

Nobody is permitted anything by it. It is looked at where the repository has AppProjects; `default` is always there.

Fails:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      destinations: []
    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:buyer, applications, sync, shopp/*, allow
        g, example:buyers, role:buyer

Passes:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      destinations: []
    # argocd-rbac-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-rbac-cm
      namespace: argocd
    data:
      policy.csv: |
        p, role:buyer, applications, sync, shop/*, allow
        g, example:buyers, role:buyer
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.policies import policies
from scaffold.model import Confidence, Finding, Repository, Severity
from scaffold.nearest import hint

ID = "undefined-policy-project"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_OF_PROJECTS = frozenset(("applications", "applicationsets", "exec", "logs", "projects"))
_PATTERN = frozenset("*?[{!\\")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every rule whose object begins with a project that is not there."""
    names = {project.name for project in repository.manifests("argoproj.io/AppProject")}
    for policy in policies(repository) if names else ():
        for line in () if policy.regex else policy.rules:
            _, resource, _, object_, _ = line.fields
            project = object_.partition("/")[0]
            if resource in _OF_PROJECTS and _PATTERN.isdisjoint(project) and project not in {*names, "default"}:
                fact = f"policy line {str(line)!r} is about project {project!r}, which no AppProject is called"
                message = f"{fact}; {hint(project, names)}"
                yield Finding(line.place, ID, message, SEVERITY, Confidence.MEDIUM, subject=str(line))
