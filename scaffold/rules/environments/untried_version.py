"""Production takes a newer version of a chart than every environment before it.

What nobody has tried out is deployed. The Applications or the HelmReleases are those whose names, or whose clusters,
differ by the environment alone, or whose overlays do where no file tells of clusters; versions are compared as numbers,
and what is no number is left alone.

Fails:

    # production.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://charts.example.com
        chart: web
        targetRevision: 1.5.0
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # staging.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-staging
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://charts.example.com
        chart: web
        targetRevision: 1.4.0
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true

Passes:

    # production.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-production
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://charts.example.com
        chart: web
        targetRevision: 1.4.0
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
    # staging.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web-staging
      namespace: argocd
    spec:
      project: default
      source:
        repoURL: https://charts.example.com
        chart: web
        targetRevision: 1.4.0
      destination:
        name: in-cluster
        namespace: web
      syncPolicy:
        syncOptions:
          - CreateNamespace=true
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.version import Version

from scaffold.assemble import ranks
from scaffold.expand.sources import used_sources
from scaffold.model import Confidence, Finding, Place, Repository, Severity
from scaffold.model.values import text
from scaffold.rules import overlaid, taking

ID = "untried-version"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_VERSION = re.compile(r"v?\d+(\.\d+){1,3}\Z")
_Use = tuple[str, str, Place]  # environment, version, place


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every version of a production that is above those of all environments before it."""
    found: dict[tuple[str, str], list[_Use]] = {}
    for key, use in _charts(repository):
        found.setdefault(key, []).append(use)
    for (_, what), uses in found.items():
        before = [use for use in uses if (ranks.rank(use[0]) or 0) < ranks.PRODUCTION]
        last = max(before, key=lambda use: (ranks.rank(use[0]) or 0, Version(use[1])), default=None)
        for environment, version, place in uses:
            # One of those before is no newer than itself, so that what is left is a production.
            if last and all(Version(version) > Version(use[1]) for use in before):
                fact = f"environment {environment!r} takes version {version!r} of {what}, and {last[0]!r} ({{0}}) takes"
                message = f"{fact} {last[1]!r}; try it out there first"
                yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, what, (last[2],))


def _charts(repository: Repository) -> Iterator[tuple[tuple[str, str], _Use]]:
    """The versions of charts in Applications whose names differ by that of an environment alone."""
    for application in repository.applications:
        words = application.name.split("-")
        environment = "-".join(word for word in words if ranks.rank(word) is not None)
        plain = "-".join(word for word in words if ranks.rank(word) is None)
        for pointer, source in used_sources(application.data) if environment and not application.generated else ():
            chart, version = text(source.get("chart")), text(source.get("targetRevision"))
            if chart and _VERSION.match(version):
                place = application.at(*pointer, "targetRevision")
                yield (plain, f"chart {chart!r}"), (environment, version, place)
    for use in (*taking.of_releases(repository), *overlaid.of(repository)):
        if use.environment and _VERSION.match(use.revision):
            yield (use.key, f"chart {use.chart!r}"), (use.environment, use.revision, use.place)
