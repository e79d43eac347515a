"""Nobody makes the namespace that an Application deploys to, while another environment's Application makes its own.

It has no sync option `CreateNamespace=true`, and no manifest of the repository is that namespace: the sync fails with
"namespaces not found" until somebody makes it by hand.

Fails:

    # argocd/web-dev.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-dev
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web/overlays/dev
      destination:
        name: in-cluster
        namespace: web-dev
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web/overlays/dev/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # argocd/web-production.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web/overlays/production
      destination:
        name: in-cluster
        namespace: web-production
      syncPolicy:
        automated: {}
    # web/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # argocd/web-dev.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-dev
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web/overlays/dev
      destination:
        name: in-cluster
        namespace: web-dev
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web/overlays/dev/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # argocd/web-production.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web/overlays/production
      destination:
        name: in-cluster
        namespace: web-production
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # web/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import ranks
from scaffold.model import Application, Confidence, Finding, Repository, Severity, dig, sequence

ID = "unmade-namespace"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_OPTION = "CreateNamespace=true"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every application without the option that the same one has in another environment."""
    known = ranks.known(repository.directories)
    creating = {item.name: item for item in repository.applications if _creates(item)}
    made = {item.destination_namespace for item in creating.values()} | set(_declared(repository)) | {""}
    for application in repository.applications:
        own = ranks.word(application.name, known)
        if not own or application.destination_namespace in made:
            continue
        others = (creating.get(application.name.replace(own, other)) for other in sorted(known - {own}))
        if other := next((item for item in others if item), None):
            fact = f"application {application.name!r} deploys to namespace {application.destination_namespace!r}"
            message = f"{fact}, which nobody makes; add the sync option {_OPTION}, as {other.name!r} has it"
            place = application.at("spec", "destination", "namespace")
            yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=application.name)


def _creates(application: Application) -> bool:
    return _OPTION in sequence(dig(application.data, "spec", "syncPolicy", "syncOptions"))


def _declared(repository: Repository) -> Iterator[str]:
    """The namespaces that files or overlays have."""
    for file in repository.files.values():
        yield from (head.name for head in file.heads if head.kind == "Namespace")
    for overlay in repository.overlays.values():
        yield from (item.name for item in overlay.objects if item.kind == "Namespace")
