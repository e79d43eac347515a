"""A HelmRelease builds its chart with a file of values that its source does not hold.

For a GitRepository or a Bucket, `valuesFiles` are paths from the root of the source, not from the chart: without
`ignoreMissingValuesFiles` one that is not there stops the build of the chart (source-controller 1.9). A HelmChart is
held to the same. A chart of a HelmRepository has its files in itself, which are not looked at.

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
          chart: ./charts/web
          sourceRef:
            kind: GitRepository
            name: flux-system
            namespace: flux-system
          valuesFiles:
            - values-large.yaml
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/values-large.yaml
    replicas: 4

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
          valuesFiles:
            - charts/web/values-large.yaml
    # charts/web/Chart.yaml
    apiVersion: v2
    name: web
    version: 1.0.0
    # charts/web/values-large.yaml
    replicas: 4
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, sequence
from scaffold.model.flux import referred
from scaffold.model.values import text
from scaffold.nearest import near

ID = "missing-chart-values-file"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_SPECS: dict[str, Pointer] = {"HelmRelease": ("spec", "chart", "spec"), "HelmChart": ("spec",)}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every file of values below a source that is this repository, where it is not."""
    for cluster in repository.flux:
        here = {sync.source: sync.home for sync in cluster.syncs if sync.here}
        for manifest in cluster.of_kinds(*_SPECS):
            spec = _SPECS[manifest.kind]
            source = referred(manifest, *spec, "sourceRef")
            if source in here and manifest.get(*spec, "ignoreMissingValuesFiles") is not True:
                yield from _missing(repository, manifest, spec, here[source])


def _missing(repository: Repository, manifest: Manifest, spec: Pointer, home: str) -> Iterator[Finding]:
    chart, listed = _from_root(text(manifest.get(*spec, "chart"))), sequence(manifest.get(*spec, "valuesFiles"))
    others = repository.paths - {posixpath.join(home, _from_root(text(told))) for told in listed}
    for index, told in enumerate(listed):
        path = posixpath.join(home, _from_root(text(told)))
        if text(told) and "${" not in told and path not in repository.paths:
            who = f"{manifest.kind} {manifest.name!r}"
            fact = f"{who} takes values from {path!r}, which is not there, and paths count from the root of the source"
            remedy = _remedy(others, home, posixpath.join(chart, _from_root(told)), path)
            place = manifest.place(*spec, "valuesFiles", index)
            yield Finding(place, ID, f"{fact}; {remedy}", subject=f"{manifest.name}/{path}")


def _from_root(path: str) -> str:
    return posixpath.normpath(f"/{path}").strip("/")


def _remedy(others: frozenset[str], home: str, in_chart: str, path: str) -> str:
    """What was meant of what is not listed: mostly the file of that name in the chart, else one called nearly so."""
    if posixpath.join(home, in_chart) in others:
        return f"did you mean {in_chart!r}?"
    guess = near(path, (other for other in others if other.endswith((".yaml", ".yml"))))
    return f"did you mean {guess!r}?" if guess else "name a file that is there"
