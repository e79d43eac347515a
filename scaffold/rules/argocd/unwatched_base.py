"""An Application names the paths that it is generated from, and leaves out a base of its kustomization.

With the annotation `manifest-generate-paths` Argo CD takes what it has generated before, until a commit touches one of
the paths (3.5). A commit that changes the base alone does not reach this Application, while others have it. A path
without a slash at its beginning is one from the path of the source on.

Fails:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
      annotations:
        argocd.argoproj.io/manifest-generate-paths: .
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web/east
      destination:
        name: in-cluster
        namespace: kube-system
    # web/east/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../base
    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # web/base/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # web.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      namespace: argocd
      annotations:
        argocd.argoproj.io/manifest-generate-paths: .;../base
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: web/east
      destination:
        name: in-cluster
        namespace: kube-system
    # web/east/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../base
    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # web/base/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.load.references import closure
from scaffold.model import Application, Finding, How, Repository, Severity, Source, dig, is_templated, is_variable

ID = "unwatched-base"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_ANNOTATION = "argocd.argoproj.io/manifest-generate-paths"
_PATTERN = frozenset("*?[")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every application of one source once, with the first base that is left out."""
    seen = set()
    for application in repository.applications:
        told = dig(application.data, "metadata", "annotations", _ANNOTATION)
        place = application.at("metadata", "annotations", _ANNOTATION)
        if not isinstance(told, str) or not told.strip() or is_templated(told) or is_variable(told) or place in seen:
            continue
        if dig(application.data, "spec", "sourceHydrator"):
            continue  # of what is hydrated its own path counts
        for source in application.sources if len(application.sources) == 1 and _PATTERN.isdisjoint(told) else ():
            if missed := _missed(repository, source, told):
                seen.add(place)
                yield _finding(application, source, told, missed)


def _missed(repository: Repository, source: Source, told: str) -> str:
    """The first directory of a build that is in none of the paths: from the root with a slash, else from the source."""
    if not source.here or source.how is not How.KUSTOMIZE or source.path not in repository.kustomizations:
        return ""
    parts = [part.strip() for part in told.split(";") if part.strip()]
    paths = [source.home + part if part.startswith("/") else posixpath.join(source.path, part) for part in parts]
    watched = [posixpath.normpath(path).strip("/") for path in paths]
    own, *more = closure(source.path, repository.kustomizations)[0]
    return next((each for each in (own, *sorted(more)) if not any(_holds(path, each) for path in watched)), "")


def _holds(path: str, directory: str) -> bool:
    return path in ("", ".", directory) or directory.startswith(f"{path}/")


def _finding(application: Application, source: Source, told: str, missed: str) -> Finding:
    place = application.at("metadata", "annotations", _ANNOTATION)
    inner = missed.removeprefix(source.home).strip("/")
    parts = (part.strip().rstrip("/") for part in told.split(";"))
    if rooted := next((part for part in parts if part[:1] not in ("", ".") and _holds(part, inner)), ""):
        meant = posixpath.join(source.path, rooted)
        fact = f"application {application.name!r} watches {meant!r}, as a path without a slash begins at its source"
        remedy = f"write {'/' + rooted!r}"
    else:
        fact = f"application {application.name!r} is built of {missed!r}, which {told!r} of manifest-generate-paths"
        fact += " leaves out"
        remedy = f"add {posixpath.relpath(missed, source.path)!r}"
    message = f"{fact}, so that a change {'of ' + repr(missed) if rooted else 'there'} does not reach it; {remedy}"
    return Finding(place, ID, message, SEVERITY, subject=f"{application.name}/{missed}")
