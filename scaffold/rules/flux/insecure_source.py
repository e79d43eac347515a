"""A source of Flux is read without encryption.

Whoever stands between the cluster and the server of an `http://` address, or of a source with `insecure: true`, decides
what the cluster runs.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: sources
      namespace: flux-system
    spec:
      interval: 10m
      path: ./sources
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # sources/charts.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: HelmRepository
    metadata:
      name: charts
      namespace: flux-system
    spec:
      interval: 1h
      url: http://charts.example.com

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: sources
      namespace: flux-system
    spec:
      interval: 10m
      path: ./sources
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # sources/charts.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: HelmRepository
    metadata:
      name: charts
      namespace: flux-system
    spec:
      interval: 1h
      url: https://charts.example.com
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity
from scaffold.model.values import text

ID = "insecure-source"
SEVERITY = Severity.WARNING
SCOPE = "repository"
PROFILES = ("strict", "security")
_KINDS = ("GitRepository", "OCIRepository", "HelmRepository", "Bucket", "ImageRepository")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every source that says so."""
    for cluster in repository.flux:
        for manifest in cluster.of_kinds(*_KINDS):
            said = manifest.get("spec", "insecure") is True
            if said or text(manifest.get("spec", "url")).startswith("http://"):
                fact = f"{manifest.kind} {manifest.name!r} is read without encryption"
                place = manifest.place("spec", "insecure" if said else "url")
                yield Finding(place, ID, f"{fact}; use TLS", SEVERITY, subject=manifest.name)
