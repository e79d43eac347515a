"""Flux applies in one cluster otherwise what it applies in all others.

A Kustomization or a HelmRelease is suspended, does not prune, forces what cannot be changed, or does not wait, unlike
the same one of every other cluster that is called like an environment, or of every other such namespace of a hub. What
was set for an hour is still set.

Fails:

    # clusters/staging/flux-system/sync.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/shop/fleet.git
      ref:
        branch: main
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/staging
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # clusters/staging/apps.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps/staging
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/staging/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    # clusters/production/flux-system/sync.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/shop/fleet.git
      ref:
        branch: main
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/production
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # clusters/production/apps.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps/production
      prune: true
      suspend: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web

Passes:

    # clusters/staging/flux-system/sync.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/shop/fleet.git
      ref:
        branch: main
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/staging
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # clusters/staging/apps.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps/staging
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/staging/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    # clusters/production/flux-system/sync.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/shop/fleet.git
      ref:
        branch: main
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: flux-system
      namespace: flux-system
    spec:
      interval: 10m
      path: ./clusters/production
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # clusters/production/apps.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps/production
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # apps/production/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from scaffold.assemble import ranks
from scaffold.model import Confidence, Finding, Manifest, Repository, Severity
from scaffold.model.flux import Reference

_Of = tuple[str, Manifest]  # whose it is, and what is said there
ID = "uneven-reconciliation"
SEVERITY = Severity.WARNING
SCOPE = "repository"
# What differs from the others' is said of this value, not of theirs.
_FIELDS: Mapping[str, tuple[object, str]] = {
    "suspend": (True, "is suspended, so nothing of it is applied"),
    "prune": (False, "does not prune"),
    "force": (True, "has force, so it deletes and makes anew what cannot be changed"),
    "wait": (False, "does not wait until what it applies is ready"),
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every field whose value one cluster alone has, and nothing but files decides."""
    known: dict[tuple[str, Reference], list[_Of]] = defaultdict(list)
    for cluster in repository.flux:
        own = cluster.name.rpartition("/")[2]
        for manifest in cluster.of_kinds("HelmRelease", "Kustomization"):
            if ranks.rank(own) is not None:
                reference = Reference(manifest.kind, manifest.namespace, manifest.name)
                known["", reference].append((f"cluster {own!r}", manifest))
            elif ranks.rank(manifest.namespace) is not None:  # of a hub, which has a namespace for each environment
                reference = Reference(manifest.kind, "", manifest.name)
                known[cluster.name, reference].append((f"namespace {manifest.namespace!r}", manifest))
    for items in known.values():
        for field, (value, fact) in _FIELDS.items() if len(items) > 1 else ():
            odd = [item for item in items if _value(item[1], field) is value]
            if len(odd) == 1 and all(_value(m, field) is (not value) for _, m in items if m is not odd[0][1]):
                yield _finding(odd[0], next(item for item in items if item is not odd[0]), field, fact)


def _value(manifest: Manifest, field: str) -> object:
    """What a field says, or where it is not there; health checks are waited for, too."""
    if field == "wait" and manifest.get("spec", "healthChecks"):
        return True
    found = manifest.get("spec", field)
    return (field == "prune" and manifest.kind == "HelmRelease") if found is None else found


def _finding(odd: _Of, other: _Of, field: str, fact: str) -> Finding:
    (own, manifest), (there, _) = odd, other
    message = f"{manifest.kind} {manifest.name!r} of {own} {fact}, unlike that of {there} ({{0}})"
    place, related = manifest.place("spec", field, at_key=True), (other[1].place("spec"),)
    subject = f"{manifest.name}/{field}"
    return Finding(place, ID, f"{message}; set {field} alike", SEVERITY, Confidence.MEDIUM, subject, related)
