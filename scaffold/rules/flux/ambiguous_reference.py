"""A GitRepository names a range of versions beside a tag or a branch, of which only one counts.

A branch then has no meaning, and of a tag and a range the reference says that the range goes first, while the
controller looks at the tag first (source-controller 1.9).

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
    # sources/repository.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      url: https://git.example.com/apps.git
      ref:
        semver: 1.x
        branch: main

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
    # sources/repository.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      url: https://git.example.com/apps.git
      ref:
        semver: 1.x
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, mapping
from scaffold.model.values import text

ID = "ambiguous-reference"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every GitRepository that does, unless it names what goes before either."""
    for cluster in repository.flux:
        for manifest in cluster.of_kinds("GitRepository"):
            ref = mapping(manifest.get("spec", "ref"))
            other = next((key for key in ("tag", "branch") if ref.get(key)), "")
            if ref.get("semver") and other and not (ref.get("commit") or ref.get("name")):
                fact = f"GitRepository {manifest.name!r} names semver {text(ref['semver'])!r}"
                fact += f" beside {other} {text(ref[other])!r}, of which only one counts"
                place = manifest.place("spec", "ref", "semver")
                yield Finding(place, ID, f"{fact}; leave one of them", SEVERITY, subject=manifest.name)
