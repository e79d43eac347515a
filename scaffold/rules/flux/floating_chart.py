"""A HelmRelease or an OCIRepository leaves open which version it takes.

What is deployed then changes without a commit, at a time of its own, and going back to an older commit does not bring
the older version back.

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
          version: "1.x"
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

import re
from collections.abc import Iterator

from scaffold.expand import version_ranges
from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, mapping
from scaffold.model.values import text

ID = "floating-chart"
SEVERITY = Severity.WARNING
SCOPE = "repository"
PROFILES = ("strict",)
_EXACT = re.compile(r"=?\s*v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?\Z")
_CHART = ("spec", "chart", "spec")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every version that is a range, but for charts that stand in a repository of files."""
    for cluster in repository.flux:
        for manifest in cluster.of_kinds("HelmRelease", "OCIRepository"):
            found = _release(manifest) if manifest.kind == "HelmRelease" else _artifact(manifest)
            if found:
                pointer, fact = found
                message = f"{manifest.kind} {manifest.name!r} takes {fact}; name one version"
                yield Finding(manifest.place(*pointer), ID, message, SEVERITY, subject=manifest.name)


def _release(manifest: Manifest) -> tuple[Pointer, str] | None:
    told = mapping(manifest.get(*_CHART))
    version = text(told.get("version"))
    if not told or mapping(told.get("sourceRef")).get("kind") != "HelmRepository" or "${" in version:
        return None
    return (
        None
        if version in ("", "*") or _EXACT.match(version) or not version_ranges.is_one(version)
        else ((*_CHART, "version"), f"any version {version!r} of its chart")
    )


def _artifact(manifest: Manifest) -> tuple[Pointer, str] | None:
    reference = mapping(manifest.get("spec", "ref"))
    if reference.get("digest"):
        return None
    semver = text(reference.get("semver"))
    if semver and not version_ranges.is_one(semver):
        return None
    if semver and not _EXACT.match(semver):
        return ("spec", "ref", "semver"), f"any version {semver!r}"
    tag = text(reference.get("tag")) if reference else "latest"
    return (("spec", "ref", "tag"), "the tag 'latest'") if tag == "latest" else None
