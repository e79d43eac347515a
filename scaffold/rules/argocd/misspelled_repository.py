"""An address of a repository is named once, and is but for a letter that of one that others name.

Argo CD and Flux ask for a repository that is not there, or may not be read, and make nothing, with an error that only
their status shows. The right one is declared in the settings, or named in two other places.

Fails:

    # apps.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: web
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - git:
            repoURL: https://git.example.com/shop/deploys.git
            revision: main
            directories:
              - path: apps/*
      template:
        metadata:
          name: '{{ .path.basename }}'
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/deploy.git
            targetRevision: main
            path: '{{ .path.path }}'
          destination:
            name: in-cluster
            namespace: web
          syncPolicy:
            syncOptions:
              - CreateNamespace=true
    ---
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: root
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: root
      destination:
        name: in-cluster
        namespace: argocd
    # root/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: root
    # apps/web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # apps.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: web
      namespace: argocd
    spec:
      goTemplate: true
      goTemplateOptions:
        - missingkey=error
      generators:
        - git:
            repoURL: https://git.example.com/shop/deploy.git
            revision: main
            directories:
              - path: apps/*
      template:
        metadata:
          name: '{{ .path.basename }}'
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/deploy.git
            targetRevision: main
            path: '{{ .path.path }}'
          destination:
            name: in-cluster
            namespace: web
          syncPolicy:
            syncOptions:
              - CreateNamespace=true
    ---
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: root
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/shop/deploy.git
        targetRevision: main
        path: root
      destination:
        name: in-cluster
        namespace: argocd
    # root/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: root
    # apps/web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.expand.urls import normalize
from scaffold.model import Confidence, Finding, Manifest, Place, Pointer, Repository, Severity
from scaffold.model.values import is_templated, is_variable, text
from scaffold.nearest import slipped

ID = "misspelled-repository"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_KINDS = ("argoproj.io/Application", "argoproj.io/ApplicationSet")
_SOURCES = tuple(f"source.toolkit.fluxcd.io/{kind}" for kind in ("GitRepository", "HelmRepository", "OCIRepository"))
_SEVERAL = 2


class _Use(NamedTuple):
    what: str
    place: Place
    url: str


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every address that one place alone names, and that only a slip keeps from one that several name."""
    told = (use for use in _uses(repository) if not is_templated(use.url) and not is_variable(use.url))
    uses = list({use.place[:3]: use for use in told}.values())  # a chart may be rendered twice
    times = Counter(normalize(use.url) for use in uses)
    known = {normalize(url) for url in repository.conventions.repository_urls}
    known |= {url for url, number in times.items() if number >= _SEVERAL}
    for use in uses:
        url = normalize(use.url)
        if times[url] == 1 and url not in known and (guess := slipped(url, known)):
            meant = next((other.url for other in uses if normalize(other.url) == guess), guess)
            message = f"{use.what} reads {use.url!r}, which nothing else names; did you mean {meant!r}?"
            yield Finding(use.place, ID, message, SEVERITY, Confidence.MEDIUM, subject=f"{use.what}/{url}")


def _uses(repository: Repository) -> Iterator[_Use]:
    """Every address with the place that names it: of sources, generators and templates, and of Flux's sources."""
    for manifest in repository.manifests(*_KINDS):
        yield from _below(manifest, manifest.get("spec"), ("spec",))
    for application in (item for item in repository.applications if item.place.overlay):  # which a chart makes
        for source in application.sources:
            place = source.place._replace(pointer=(*source.place.pointer, "repoURL"))
            yield _Use(f"application {application.name!r}", place, source.repo_url)
    for manifest in repository.manifests(*_SOURCES):
        place, url = manifest.place("spec", "url"), text(manifest.get("spec", "url"))
        yield _Use(f"{manifest.kind} {manifest.name!r}", place, url)


def _below(manifest: Manifest, value: Any, where: Pointer) -> Iterator[_Use]:
    if isinstance(value, Mapping):
        if url := text(value.get("repoURL")):
            what = "application" if manifest.kind == "Application" else manifest.kind
            yield _Use(f"{what} {manifest.name!r}", manifest.place(*where, "repoURL"), url)
        for key, inner in value.items():
            yield from _below(manifest, inner, (*where, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _below(manifest, inner, (*where, index))
