"""The destination of an Application names its cluster twice, or not at all, or a namespace that cannot be.

A cluster is given by its address or by its name. With both or neither Argo CD says InvalidSpecError and deploys nothing
(3.5). A namespace that no namespace can be called lets every sync fail. The cluster may come from whoever installs a
chart of applications that nothing here deploys.

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
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: main
        path: payments
      destination:
        name: in-cluster
        server: https://kubernetes.default.svc
        namespace: payments
    # payments/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

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
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: main
        path: payments
      destination:
        name: in-cluster
        namespace: payments
    # payments/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.model import Application, Finding, Repository, Severity, dig, is_templated, is_variable, mapping

ID = "refused-destination"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_LABEL = re.compile(r"(?=.{1,63}\Z)[a-z0-9]([-a-z0-9]*[a-z0-9])?\Z")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such application; one that is generated and refused is no application, but a failing generator."""
    for application in repository.applications:
        yield from _of_namespace(application)
        name, server = application.cluster, application.server
        if bool(name) is not bool(server) or not mapping(dig(application.data, "spec", "destination")):
            continue
        if not name and _is_of_values(repository, application):
            continue
        fact = f"has both a name, {name!r}, and a server, {server!r}" if name else "has neither a name nor a server"
        remedy = "remove one of them" if name else "add one of them"
        message = f"application {application.name!r} has a destination that {fact}; {remedy}"
        yield Finding(application.at("spec", "destination"), ID, message, subject=application.name)


def _is_of_values(repository: Repository, application: Application) -> bool:
    """Tell whether whoever installs the chart that makes an application may give it: nothing known deploys that."""
    chart = application.place.path.partition("/templates/")[0]
    sources = (source for each in repository.applications for source in each.sources)
    return chart in repository.charts and not any(source.path == chart for source in sources)


def _of_namespace(application: Application) -> Iterator[Finding]:
    namespace = application.destination_namespace
    open_ended = is_variable(namespace) or is_templated(namespace)
    if namespace and not _LABEL.match(namespace) and not open_ended:
        fact = f"application {application.name!r} deploys to namespace {namespace!r}, which is no name of one"
        message = f"{fact}; use at most 63 lower case letters, digits and '-'"
        yield Finding(application.at("spec", "destination", "namespace"), ID, message, subject=application.name)
