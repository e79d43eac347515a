"""Argo CD is to act as a ServiceAccount, and the project of an Application has none for its destination.

Where argocd-cm sets `application.sync.impersonation.enabled`, the first entry of `destinationServiceAccounts` counts
whose server and namespace match; without one the sync fails, unless `application.sync.impersonation.enforced` is false
(3.5).

Fails:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      application.sync.impersonation.enabled: "true"
    # shop.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      sourceRepos:
        - https://charts.example.com
      destinations:
        - name: in-cluster
          namespace: kube-system
      destinationServiceAccounts:
        - server: https://kubernetes.default.svc
          namespace: shop-*
          defaultServiceAccount: deployer
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: shop
      source:
        repoURL: https://charts.example.com
        chart: web
        targetRevision: 1.2.3
      destination:
        name: in-cluster
        namespace: kube-system

Passes:

    # argocd-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cm
      namespace: argocd
    data:
      application.sync.impersonation.enabled: "true"
    # shop.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      sourceRepos:
        - https://charts.example.com
      destinations:
        - name: in-cluster
          namespace: kube-system
      destinationServiceAccounts:
        - server: https://kubernetes.default.svc
          namespace: kube-*
          defaultServiceAccount: deployer
    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
    spec:
      project: shop
      source:
        repoURL: https://charts.example.com
        chart: web
        targetRevision: 1.2.3
      destination:
        name: in-cluster
        namespace: kube-system
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import argocd_settings, projects
from scaffold.expand import globs
from scaffold.expand.view import IN_CLUSTER_NAME, IN_CLUSTER_SERVER
from scaffold.model import (
    Application,
    Finding,
    Manifest,
    Repository,
    Severity,
    is_templated,
    is_variable,
    mapping,
    sequence,
)
from scaffold.model.values import text

ID = "missing-sync-account"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_ENABLED, _ENFORCED = (f"application.sync.impersonation.{what}" for what in ("enabled", "enforced"))
_ACCOUNTS = ("spec", "destinationServiceAccounts")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every application of a project that is here, whose destination no entry matches."""
    told = argocd_settings.told(repository, argocd_settings.CM, _ENABLED)
    written = argocd_settings.of_repository(repository, argocd_settings.CM)
    loose = any(str(each.data.get(_ENFORCED)) != "true" for each in written if _ENFORCED in each.data)
    if told is None or told.value != "true" or loose:
        return
    seen = set()
    for application in repository.applications:
        project, server = projects.of(repository, application), _server(application)
        if project is None or not server or not told.is_for(project.namespace):
            continue
        place = application.at("spec", "destination")
        if place not in seen and not _has_account(project, server, application.destination_namespace):
            seen.add(place)
            where = f"cluster {server!r}, namespace {application.destination_namespace!r}"
            fact = (
                f"application {application.name!r} goes to {where}, for which project {project.name!r} ({{0}}) has no"
            )
            message = f"{fact} service account, while {_ENABLED!r} is true ({{1}}), so that it is not synchronised"
            message = f"{message}; add an entry to destinationServiceAccounts"
            related = (project.place(*_ACCOUNTS, at_key=True), told.place)
            yield Finding(place, ID, message, subject=f"{application.name}/{project.name}", related=related)


def _server(application: Application) -> str:
    """The server of a destination; nothing where it is told by a name, or filled in."""
    server = IN_CLUSTER_SERVER if application.cluster == IN_CLUSTER_NAME else application.server
    told = (server, application.destination_namespace)
    return "" if any(is_variable(value) or is_templated(value) for value in told) else server


def _has_account(project: Manifest, server: str, namespace: str) -> bool:
    for entry in map(mapping, sequence(project.get(*_ACCOUNTS))):
        patterns = text(entry.get("server")), text(entry.get("namespace"))
        if any(globs.doubtful(pattern) or is_variable(pattern) for pattern in patterns):
            return True
        if globs.matches(patterns[0], server) and globs.matches(patterns[1], namespace):
            return True
    return False
