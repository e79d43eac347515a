"""One Application is in the project `default`, while all beside it are in projects of their own.

That project permits every source, every cluster and every kind, so none of the limits holds that its neighbours have.
Neighbours in a project that permits all that as well do not count, and what deploys other Applications may stay there.

Fails:

    # argocd/cart.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart
      namespace: argocd
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: cart
      destination:
        name: in-cluster
        namespace: cart
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # cart/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cart
    # argocd/catalog.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: catalog
      namespace: argocd
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: catalog
      destination:
        name: in-cluster
        namespace: catalog
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # catalog/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: catalog
    # argocd/orders.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: orders
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: orders
      destination:
        name: in-cluster
        namespace: orders
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # orders/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: orders
    # argocd/project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/shop/deploy.git
      clusterResourceWhitelist:
        - group: ''
          kind: Namespace
      destinations:
        - name: in-cluster
          namespace: '{cart,catalog,orders}'

Passes:

    # argocd/cart.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: cart
      namespace: argocd
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: cart
      destination:
        name: in-cluster
        namespace: cart
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # cart/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: cart
    # argocd/catalog.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: catalog
      namespace: argocd
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: catalog
      destination:
        name: in-cluster
        namespace: catalog
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # catalog/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: catalog
    # argocd/orders.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: orders
      namespace: argocd
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: orders
      destination:
        name: in-cluster
        namespace: orders
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # orders/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: orders
    # argocd/project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: shop
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/shop/deploy.git
      clusterResourceWhitelist:
        - group: ''
          kind: Namespace
      destinations:
        - name: in-cluster
          namespace: '{cart,catalog,orders}'
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import projects
from scaffold.model import Confidence, Finding, Manifest, Repository, Severity, mapping, sequence
from scaffold.rules import neighbours

ID = "stray-default-project"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_SEVERAL = 2


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such application among the files of one directory, and every such template of a generator."""
    known = projects.known(repository)
    unlimited = {"default"} | {name for name, project in known.items() if _permits_everything(project)}
    for items in neighbours.by_directory(repository).values():
        strays = neighbours.in_default(repository, items)
        others = [item for item in items if item.project not in unlimited]
        if len(strays) == 1 and len(others) >= _SEVERAL:
            fact = f"{strays[0].what} is in project 'default', which permits everything"
            message = f"{fact}, while {others[0].name!r} ({{0}}) is in {others[0].project!r}; name its project"
            place, related = strays[0].place, (others[0].place,)
            yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=strays[0].name, related=related)


def _permits_everything(project: Manifest) -> bool:
    places = (mapping(item) for item in sequence(project.get("spec", "destinations")))
    everywhere = any(
        place.get("namespace") == "*" and "*" in (place.get("server"), place.get("name")) for place in places
    )
    kinds = sequence(project.get("spec", "clusterResourceWhitelist"))
    return everywhere and "*" in sequence(project.get("spec", "sourceRepos")) and {"group": "*", "kind": "*"} in kinds
