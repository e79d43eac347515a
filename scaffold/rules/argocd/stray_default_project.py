"""One Application is in the project `default`, while all beside it are in projects of their own.

That project permits every source, every cluster and every kind, so none of the limits holds that its neighbours have.
So it is with one that stands alone in a directory whose own project nothing is in.

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

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from scaffold.assemble import written
from scaffold.model import Confidence, Finding, Manifest, Place, Repository, Severity
from scaffold.model.values import text

ID = "stray-default-project"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_SEVERAL = 2


class _Item(NamedTuple):
    what: str
    name: str
    project: str
    place: Place
    sources: tuple[str, ...] = ()


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such application among the files of one directory, and every such template of a generator."""
    beside: dict[str, list[_Item]] = defaultdict(list)
    for item in {item.place[:2]: item for item in _items(repository)}.values():  # once for all releases of a chart
        beside[item.place.path.rpartition("/")[0]].append(item)
    made, unused = _directories(repository), _unused(repository)
    for items in beside.values():
        strays = [item for item in items if item.project == "default" and not _makes(item, made)]
        others = [item for item in items if item.project != "default"]
        if len(strays) == 1 and len(others) >= _SEVERAL:
            fact = f"{strays[0].what} is in project 'default', which permits everything"
            message = f"{fact}, while {others[0].name!r} ({{0}}) is in {others[0].project!r}; name its project"
            place, related = strays[0].place, (others[0].place,)
            yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=strays[0].name, related=related)
        elif len(strays) == 1 and not others and (idle := unused.get(posixpath.dirname(strays[0].place.path))):
            yield _beside(strays[0], idle)


def _beside(stray: _Item, idle: Manifest) -> Finding:
    fact = f"{stray.what} is in project 'default', which permits everything"
    message = f"{fact}, while project {idle.name!r} ({{0}}) is there for nobody; name its project"
    related = (idle.place("metadata", "name"),)
    return Finding(stray.place, ID, message, SEVERITY, Confidence.MEDIUM, subject=stray.name, related=related)


def _unused(repository: Repository) -> dict[str, Manifest]:
    """The project of each directory that is called like it, where nothing is in it, whatever generators fill in."""
    told = [text(item.get("spec", "project")) for item in written.applications(repository)]
    used = {*told, *(application.project for application in repository.applications)}
    if any("{{" in name for name in told):
        return {}
    projects = written.manifests(repository, "argoproj.io/AppProject")
    unused = ((posixpath.dirname(project.path), project) for project in projects if project.name not in used)
    return {directory: project for directory, project in unused if posixpath.basename(directory) == project.name}


def _items(repository: Repository) -> Iterator[_Item]:
    """What is written, whatever it is expanded to, and what charts make."""
    for written_ in written.applications(repository):
        project = written_.get("spec", "project")
        if isinstance(project, str) and "{{" not in project:
            paths = tuple(_plain(text(source["path"])) for _, source in written_.sources() if "path" in source)
            yield _Item(written_.what, written_.manifest.name, project, written_.at("spec", "project"), paths)
    for application in (item for item in repository.applications if item.data.get("spec")):
        here = tuple(source.path for source in application.sources if source.here)
        yield _Item(
            f"application {application.name!r}",
            application.name,
            application.project,
            application.at("spec", "project"),
            here,
        )


def _plain(path: str) -> str:
    return "" if (plain := posixpath.normpath(path)) == "." else plain


def _directories(repository: Repository) -> frozenset[str]:
    """The directories in which Applications are, and all above them."""
    own = {posixpath.dirname(item.place.path) for item in repository.applications}
    parts = [path.split("/") for path in own if path]
    above = ("/".join(each[:end]) for each in parts for end in range(1, len(each) + 1))
    return frozenset(("", *above)) if own else frozenset()


def _makes(item: _Item, made: frozenset[str]) -> bool:
    """Tell whether it deploys other Applications, which those of no team do."""
    return not made.isdisjoint(item.sources)
