"""A HelmRelease names no version of its chart.

Helm's controller then installs the newest version that the repository of charts has, and every newer one as soon as it
appears: no commit says what runs, and no revert brings the older one back (Flux 2.9: "defaults to latest").

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
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: HelmRepository
    metadata:
      name: charts
      namespace: flux-system
    spec:
      interval: 1h
      url: https://charts.example.com
    ---
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      chart:
        spec:
          chart: web
          sourceRef:
            kind: HelmRepository
            name: charts
            namespace: flux-system

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
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: HelmRepository
    metadata:
      name: charts
      namespace: flux-system
    spec:
      interval: 1h
      url: https://charts.example.com
    ---
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: web
      namespace: web
    spec:
      interval: 10m
      chart:
        spec:
          chart: web
          version: "1.2.3"
          sourceRef:
            kind: HelmRepository
            name: charts
            namespace: flux-system
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, mapping

ID = "unversioned-chart"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_CHART = ("spec", "chart", "spec")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every release without a version, but for charts that stand in a repository of files and have one there."""
    for cluster in repository.flux:
        for release in cluster.of_kinds("HelmRelease"):
            told = mapping(release.get(*_CHART))
            from_charts = mapping(told.get("sourceRef")).get("kind") == "HelmRepository"
            if told and from_charts and told.get("version") in (None, "", "*"):
                names = "takes any version '*'" if told.get("version") else "names no version"
                fact = f"HelmRelease {release.name!r} {names} of its chart, so that every new one is installed"
                key = "version" if "version" in told else "chart"
                yield Finding(
                    release.place(*_CHART, key), ID, f"{fact}; name one version", SEVERITY, subject=release.name
                )
