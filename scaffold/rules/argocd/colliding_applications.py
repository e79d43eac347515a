"""Two Applications have the same name in the same namespace.

The second one replaces the first, and with pruning on its objects go; what an ApplicationSet generates counts too.

Fails:

    # a.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: .
      destination:
        name: in-cluster
        namespace: payments
    # b.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: .
      destination:
        name: in-cluster
        namespace: shop

Passes:

    # a.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/fleet.git
        path: .
      destination:
        name: in-cluster
        namespace: payments
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scaffold import load
from scaffold.model import Application, Finding, Repository, Severity

ID = "colliding-applications"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every application whose name an earlier one has."""
    pairs = list(_pairs(repository.applications))
    readers = _readers(repository, {one.place.path for pair in pairs for one in pair})
    for earlier, application in pairs:
        if _meet(repository, readers[earlier.place.path], readers[application.place.path]):
            fact = f"application {application.name!r} has the name of another one ({{0}}), and replaces it"
            message = f"{fact}; rename one of them"
            related = (earlier.at("metadata", "name"),)
            yield Finding(application.at("metadata", "name"), ID, message, subject=application.name, related=related)


def _pairs(applications: Iterable[Application]) -> Iterator[tuple[Application, Application]]:
    first: dict[tuple[str, str, str], Application] = {}
    for application in sorted(applications, key=lambda item: item.place[:2]):
        key = (_control_plane(application), application.namespace, application.name)
        earlier = first.setdefault(key, application)
        if earlier is not application:
            yield earlier, application


def _readers(repository: Repository, paths: set[str]) -> dict[str, set[str]]:
    """The kustomizations that each file is built by, directly or through others."""
    found: dict[str, set[str]] = {path: set() for path in paths}
    for directory in repository.kustomizations if paths else ():
        for path in paths.intersection(load.read_by(directory, repository.kustomizations)):
            found[path].add(directory)
    return found


def _meet(repository: Repository, one: set[str], other: set[str]) -> bool:
    """Tell whether two files come together under their own names: in one build, or without any."""
    naming = {
        directory
        for directory in one ^ other
        if not {"namePrefix", "nameSuffix"}.isdisjoint(repository.kustomizations[directory].manifest.data)
    }
    return not naming and (not (one and other) or bool(one & other))


def _control_plane(application: Application) -> str:
    """Applications below `clusters/a` and `clusters/b` are given to different control planes."""
    parts = application.place.path.split("/")
    for parent in ("clusters", "control-plane", "bootstrap"):
        if parent in parts[:-2] and not application.generated:
            return parts[parts.index(parent) + 1]
    return ""
