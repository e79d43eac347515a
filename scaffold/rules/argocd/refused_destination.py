"""The destination of an Application names its cluster twice, or not at all.

A cluster is given by its address or by its name. With both or neither Argo CD says InvalidSpecError and deploys nothing
(3.5).

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

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, dig, mapping

ID = "refused-destination"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such application; one that is generated and refused is no application, but a failing generator."""
    for application in repository.applications:
        name, server = application.cluster, application.server
        if bool(name) is not bool(server) or not mapping(dig(application.data, "spec", "destination")):
            continue
        fact = f"has both a name, {name!r}, and a server, {server!r}" if name else "has neither a name nor a server"
        remedy = "remove one of them" if name else "add one of them"
        message = f"application {application.name!r} has a destination that {fact}; {remedy}"
        yield Finding(application.at("spec", "destination"), ID, message, subject=application.name)
