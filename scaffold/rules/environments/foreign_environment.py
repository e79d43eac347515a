"""What deploys to one environment takes its manifests or its values from the directory of another one.

An Application whose name says an environment deploys a path, or reads values from a file, of another environment, while
its own one has the same and is not read as well; or a cluster of Flux that is called like an environment, or such a
namespace of a hub, builds the directory of another one.
What was tried out somewhere else, or is meant for production alone, then runs where nobody expects it.

Fails:

    # web-dev.yaml
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
        server: https://dev.example.com
        namespace: web
    # web-production.yaml
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
        path: web/overlays/dev
      destination:
        server: https://production.example.com
        namespace: web
    # web/overlays/dev/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # web/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # web-dev.yaml
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
        server: https://dev.example.com
        namespace: web
    # web-production.yaml
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
        server: https://production.example.com
        namespace: web
    # web/overlays/dev/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # web/overlays/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.assemble import addresses, ranks
from scaffold.assemble.flux import begun
from scaffold.expand.urls import normalize
from scaffold.model import (
    Application,
    Confidence,
    Finding,
    FluxCluster,
    Kustomization,
    Place,
    Repository,
    Severity,
    Sync,
    mapping,
    sequence,
)

ID = "foreign-environment"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every path of another environment; a generator's applications share one place."""
    known = ranks.known(repository.directories)
    seen = set()
    for application in repository.applications:
        own = ranks.meant(application.name, known) or _by_place(repository, application, known)
        for place, path, other in _foreign(repository, application, own, known):
            if (place, path) not in seen:
                seen.add((place, path))
                yield _finding(place, f"application {application.name!r} of environment {own!r}", path, own, other)
    for item in repository.kustomizations.values():
        yield from _built_upon(item, known)
    for cluster in repository.flux:
        yield from _of_cluster(repository, cluster, known)


def _foreign(
    repository: Repository, application: Application, own: str, known: frozenset[str]
) -> Iterator[tuple[Place, str, str]]:
    """What an application takes of another environment and not of its own, but for values in what it deploys of it."""
    found = list(_paths(application, addresses.deployed(repository)))
    paths, told = {path for _, path in found}, ""
    for place, path in found:
        other = _other(repository, path, own, known)
        if other and ranks.of_other(path, other, own) not in paths and not (told and path.startswith(f"{told}/")):
            told = path
            yield place, path, other


def _by_place(repository: Repository, application: Application, known: frozenset[str]) -> str:
    """The environment by the directory of an application's own file, where each of several has such a file."""
    path = application.place.path
    own = ranks.part(posixpath.dirname(path), known)
    others = (ranks.of_other(path, own, other) for other in known - {own})
    return own if own and any(other in repository.paths for other in others) else ""


def _built_upon(item: Kustomization, known: frozenset[str]) -> Iterator[Finding]:
    """The overlay of another environment that one is built upon, so that a change there is a change here."""
    own, beside = ranks.part(item.directory, known), posixpath.dirname(item.directory)
    for reference in item.references if own else ():
        other = posixpath.basename(reference.target)
        kin = ranks.is_variant(own, other) or ranks.is_variant(other, own)
        if other in known - {own} and not kin and posixpath.dirname(reference.target) == beside:
            fact = f"overlay {item.directory!r} is built upon {reference.target!r}, which is of environment {other!r}"
            place, subject = item.place(*reference.pointer), f"{item.directory}/{reference.target}"
            message = f"{fact}; build both upon a base"
            yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=subject)


def _of_cluster(repository: Repository, cluster: FluxCluster, known: frozenset[str]) -> Iterator[Finding]:
    """What a cluster builds of another environment, unless it builds the same of its own, too, or says so."""
    whole = ranks.meant(cluster.name.rpartition("/")[2], known) or ranks.part(cluster.name, known)
    built = {sync.path for sync in cluster.syncs}
    for sync in cluster.syncs:
        own = whole or ranks.part(sync.manifest.namespace, known)  # of a hub, which has one for each environment
        other = _other(repository, sync.path, own, known) if sync.here else ""
        if other and other not in sync.manifest.name and ranks.of_other(sync.path, other, own) not in built:
            of = f"cluster {cluster.name.rpartition('/')[2]!r}" if whole else f"namespace {own!r}"
            what = f"Kustomization {sync.manifest.name!r} of {of}"
            yield _finding(sync.manifest.place("spec", "path"), what, sync.path, own, other)
        elif begun.begins(repository, sync):
            yield from _beginning(repository, sync, known)


def _beginning(repository: Repository, sync: Sync, known: frozenset[str]) -> Iterator[Finding]:
    """What begins a cluster where another environment's does, while it stands where its own would."""
    own = ranks.part(posixpath.dirname(sync.manifest.path), known)
    other = _other(repository, sync.path, own, known)
    if other and sync.manifest.path.startswith(f"{ranks.of_other(sync.path, other, own)}/"):
        who, place = begun.who(repository, sync)
        yield _finding(place, f"{who} of cluster {own!r}", sync.path, own, other)


def _finding(place: Place, what: str, path: str, own: str, other: str) -> Finding:
    fact = f"{what} takes {path!r}, which is of environment {other!r}"
    message = f"{fact}; did you mean {ranks.of_other(path, other, own)!r}?"
    return Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=f"{what}/{path}")


def _other(repository: Repository, path: str, own: str, known: frozenset[str]) -> str:
    """The environment that a path is of, where it is another one and both have the same."""
    other = own and ranks.part(path, known)
    both = other and {path, ranks.of_other(path, other, own)} <= repository.paths
    return other if both and other != own else ""


def _paths(application: Application, own: frozenset[str]) -> Iterator[tuple[Place, str]]:
    """The directories of this repository that it deploys, and the files there that it takes values from."""
    homes = {f"${source.ref}" for source in application.sources if normalize(source.repo_url) in own}
    for source in application.sources:
        here = normalize(source.repo_url) in own
        if here:
            yield source.place._replace(pointer=(*source.place.pointer, "path")), source.path
        for index, name in enumerate(sequence(mapping(source.options.get("helm")).get("valueFiles"))):
            root, _, path = str(name).partition("/")
            if here and "$" not in root and ":" not in root:
                root, path = "", posixpath.normpath(f"/{source.path}/{name}" if root else f"/{path}").lstrip("/")
            if not root or root in homes:
                yield source.place._replace(pointer=(*source.place.pointer, "helm", "valueFiles", index)), path
