"""A HelmRelease takes its chart from a directory of this repository that holds no chart.

For a GitRepository, `chart` is a path below its root, with a `Chart.yaml` in it.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/release.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      chart:
        spec:
          chart: ./charts/website
          sourceRef:
            kind: GitRepository
            name: flux-system
            namespace: flux-system
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/values.yaml
    replicas: 1

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/release.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      chart:
        spec:
          chart: ./charts/web
          sourceRef:
            kind: GitRepository
            name: flux-system
            namespace: flux-system
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/values.yaml
    replicas: 1
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity
from scaffold.model.flux import referred
from scaffold.model.values import text
from scaffold.nearest import near

ID = "missing-chart-path"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_FILE = "Chart.yaml"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every path below a source that is this repository where no chart is."""
    charts = {posixpath.dirname(path) for path in repository.paths if posixpath.basename(path) == _FILE}
    for cluster in repository.flux:
        here = {sync.source: sync.home for sync in cluster.syncs if sync.here}
        for manifest in cluster.of_kinds("HelmRelease"):
            path = text(manifest.get("spec", "chart", "spec", "chart"))
            source = referred(manifest, "spec", "chart", "spec", "sourceRef")
            cleaned = posixpath.join(here.get(source, ""), posixpath.normpath(f"/{path}").strip("/"))
            if source in here and path and "${" not in path and cleaned not in charts and not path.endswith(".tgz"):
                guess = near(cleaned, charts)
                remedy = f"did you mean {guess!r}?" if guess else "name the directory of a chart"
                message = f"HelmRelease {manifest.name!r} takes its chart from {cleaned!r}, where none is; {remedy}"
                yield Finding(manifest.place("spec", "chart", "spec", "chart"), ID, message, subject=cleaned)
