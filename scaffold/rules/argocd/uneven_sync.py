"""One Application of an environment synchronises by itself, while its neighbours there wait for a person.

Where no settings name a gate, the repository itself shows one: the applications of every other environment synchronise
by themselves, and most of this one's do not. What is merged is then deployed at once by the one that differs. Regions
of one stage, such as `prod-eu` and `prod-us`, are one environment here.

Fails:

    # cart-dev.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart-dev
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: v1.0.0
        path: apps/cart/overlays/dev
      destination:
        name: in-cluster
        namespace: cart-dev
      syncPolicy:
        automated:
          prune: true
    # catalog-dev.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: catalog-dev
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: v1.0.0
        path: apps/catalog/overlays/dev
      destination:
        name: in-cluster
        namespace: catalog-dev
      syncPolicy:
        automated:
          prune: true
    # cart-production.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: v1.0.0
        path: apps/cart/overlays/production
      destination:
        name: in-cluster
        namespace: cart-production
    # catalog-production.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: catalog-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: v1.0.0
        path: apps/catalog/overlays/production
      destination:
        name: in-cluster
        namespace: catalog-production
      syncPolicy:
        automated:
          prune: true

Passes:

    # cart-dev.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart-dev
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: v1.0.0
        path: apps/cart/overlays/dev
      destination:
        name: in-cluster
        namespace: cart-dev
      syncPolicy:
        automated:
          prune: true
    # catalog-dev.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: catalog-dev
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: v1.0.0
        path: apps/catalog/overlays/dev
      destination:
        name: in-cluster
        namespace: catalog-dev
      syncPolicy:
        automated:
          prune: true
    # cart-production.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: v1.0.0
        path: apps/cart/overlays/production
      destination:
        name: in-cluster
        namespace: cart-production
    # catalog-production.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: catalog-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: v1.0.0
        path: apps/catalog/overlays/production
      destination:
        name: in-cluster
        namespace: catalog-production
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from scaffold.assemble import ranks
from scaffold.model import Application, Confidence, Finding, Repository, Severity

ID = "uneven-sync"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_ENVIRONMENT = re.compile(r"(?:^|/)(?:overlays|envs|environments)/([^/]+)\Z")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every application that synchronises by itself in the one environment where half of them or more do not."""
    if repository.conventions.declared:
        return
    by_environment: dict[str, list[Application]] = defaultdict(list)
    for application in repository.applications:
        by_environment[_stage(_environment(application))].append(application)
    by_environment.pop("", None)
    gated = [name for name, found in by_environment.items() if not all(item.automated for item in found)]
    if len(gated) != 1 or len(by_environment) < 2:
        return
    waiting = [item for item in by_environment[gated[0]] if not item.automated]
    hasty = [item for item in by_environment[gated[0]] if item.automated]
    for application in hasty if len(hasty) <= len(waiting) else ():
        fact = f"application {application.name!r} synchronises by itself, while {waiting[0].name!r} ({{0}}) waits"
        message = (
            f"{fact} in environment {gated[0]!r}; remove the automated block, or declare the gate of each environment"
        )
        place = application.at("spec", "syncPolicy", "automated")
        related = (waiting[0].at("spec"),)
        yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=application.name, related=related)


def _stage(environment: str) -> str:
    """What environments of several regions are together: `prod` of `prod-eu` and `prod-us`."""
    return next((word for word in environment.split("-") if ranks.rank(word) is not None), environment)


def _environment(application: Application) -> str:
    """The environment by the path that is deployed; by the directory that an application's own file is in, else."""
    found = (_ENVIRONMENT.search(source.path) for source in application.sources)
    directory = [part for part in application.place.path.split("/")[:-1] if part != "templates"][-1:]
    named = next((name for name in directory if ranks.rank(name) is not None and not application.generated), "")
    return next((match[1] for match in found if match), named)
