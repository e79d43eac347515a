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

from collections.abc import Iterator, Mapping

from scaffold.assemble import ranks
from scaffold.model import Application, Confidence, Finding, Repository, Severity, dig, sequence

ID = "unmade-namespace"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_OPTION = "CreateNamespace=true"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every application without the option that the same one has in another environment."""
    known = ranks.known(repository.directories)
    creating = [item for item in repository.applications if _creates(item)]
    named: dict[str, list[Application]] = {}
    made: dict[str, set[str]] = {}
    for item in creating:
        named.setdefault(item.name, []).append(item)
        made.setdefault(_directory(item, known), set()).add(item.destination_namespace)
    declared = set(_declared(repository)) | {""}
    for application in repository.applications:
        other = _other(application, named, known)
        there = application.destination_namespace == application.namespace  # as the application itself is
        if other is None or there or application.destination_namespace in declared:
            continue
        # Where two have one name, they are in different clusters, and what others make counts in their own.
        spaces = ("", _directory(application, known)) if other.name == application.name else made
        if any(application.destination_namespace in made.get(space, ()) for space in spaces):
            continue
        fact = f"application {application.name!r} deploys to namespace {application.destination_namespace!r}"
        message = f"{fact}, which nobody makes; add the sync option {_OPTION}, as {_name(application, other)} has it"
        place = application.at("spec", "destination", "namespace")
        yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, application.name, (other.place,))


def _other(
    application: Application, named: Mapping[str, list[Application]], known: frozenset[str]
) -> Application | None:
    """The same application in another environment, with the option: by its name, or by its directory."""
    if own := ranks.word(application.name, known):
        found = (named.get(application.name.replace(own, other), []) for other in sorted(known - {own}))
        return next((item for items in found for item in items[-1:]), None)
    here = ranks.part(application.place.path, known)
    alike = named.get(application.name, ()) if here else ()
    return next((item for item in alike if _directory(item, known) not in ("", here)), None)


def _directory(application: Application, known: frozenset[str]) -> str:
    return ranks.part(application.place.path, known)


def _name(application: Application, other: Application) -> str:
    return repr(other.name) if other.name != application.name else "the one at {0}"


def _creates(application: Application) -> bool:
    return _OPTION in sequence(dig(application.data, "spec", "syncPolicy", "syncOptions"))


def _declared(repository: Repository) -> Iterator[str]:
    """The namespaces that files or overlays have."""
    for file in repository.files.values():
        yield from (head.name for head in file.heads if head.kind == "Namespace")
    for overlay in repository.overlays.values():
        yield from (item.name for item in overlay.objects if item.kind == "Namespace")
