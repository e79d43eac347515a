"""A values file of an Application's chart is not in the repository.

Helm stops at a file that is not there, and nothing is deployed. Files of other repositories are not looked at, nor
those that `ignoreMissingValueFiles` allows to be missing.

Fails:

    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: payments
      namespace: argocd
    spec:
      project: default
      sources:
        - repoURL: https://charts.example.com
          chart: payments
          targetRevision: 1.4.2
          helm:
            valueFiles:
              - $values/payments/prod.yaml
        - repoURL: https://git.example.com/checkout/deploy.git
          targetRevision: main
          ref: values
      destination:
        name: in-cluster
        namespace: payments
    # payments/production.yaml
    replicas: 3
    # more.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: settings
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: main
        path: settings
      destination:
        name: in-cluster
        namespace: payments
    # settings/config.yaml
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
      sources:
        - repoURL: https://charts.example.com
          chart: payments
          targetRevision: 1.4.2
          helm:
            valueFiles:
              - $values/payments/production.yaml
        - repoURL: https://git.example.com/checkout/deploy.git
          targetRevision: main
          ref: values
      destination:
        name: in-cluster
        namespace: payments
    # payments/production.yaml
    replicas: 3
    # more.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: settings
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://git.example.com/checkout/deploy.git
        targetRevision: main
        path: settings
      destination:
        name: in-cluster
        namespace: payments
    # settings/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.model import Application, Finding, Pointer, Repository, Severity, Source, mapping, sequence
from scaffold.nearest import near

ID = "missing-values-file"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_PATTERN = frozenset("*?[{$")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every file that is not there; a generator's applications share one place."""
    seen = set()
    for application in repository.foreseen:
        for pointer, source, path in _files(application):
            if not application.tells(path):
                continue
            place = source.place._replace(pointer=(*source.place.pointer, *pointer))
            if path in repository.paths or (place, path) in seen:
                continue
            seen.add((place, path))
            beside = [name for name in repository.paths if posixpath.dirname(name) == posixpath.dirname(path)]
            guess = near(path, beside)
            remedy = f"did you mean {guess!r}?" if guess else "add the file, or mend the path"
            message = f"application {application.name!r} reads values from {path!r}, which is not there; {remedy}"
            yield Finding(place, ID, message, subject=f"{application.name}/{path}")


def _files(application: Application) -> Iterator[tuple[Pointer, Source, str]]:
    """The values files that have to be in this repository, by their paths from the root."""
    named = {f"${source.ref}": source for source in application.sources if source.ref}
    for source in application.sources:
        options = mapping(source.options.get("helm"))
        for index, text in enumerate(sequence(options.get("valueFiles"))):
            path = _path(source, text, named) if isinstance(text, str) else ""
            if path and not options.get("ignoreMissingValueFiles"):
                yield ("helm", "valueFiles", index), source, path


def _path(source: Source, text: str, named: dict[str, Source]) -> str:
    """The path from the root, empty for what is not in this repository or not known."""
    name, slash, rest = text.partition("/")
    if name in named:
        other = named[name]
        whole = posixpath.normpath(posixpath.join(other.home, rest))
        return whole if slash and other.here and _PATTERN.isdisjoint(rest) else ""
    if "://" in text or not source.here or not _PATTERN.isdisjoint(text):
        return ""
    start, rest = (source.home, text.lstrip("/")) if text.startswith("/") else (source.path, text)
    return posixpath.normpath(posixpath.join(start, rest))
