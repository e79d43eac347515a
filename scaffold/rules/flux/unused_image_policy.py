"""An ImageUpdateAutomation and an image policy do not meet.

An automation takes the policies of its own namespace that have the labels of its `policySelector`, and no others. What
it does not take is found, and never written to a file.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: images
      namespace: flux-system
    spec:
      interval: 10m
      path: ./images
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # images/update.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: fleet
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/fleet.git
      ref:
        branch: main
    ---
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageUpdateAutomation
    metadata:
      name: images
      namespace: flux-system
    spec:
      interval: 30m
      policySelector:
        matchLabels:
          team: shops
      sourceRef:
        kind: GitRepository
        name: fleet
      git:
        commit:
          author:
            email: images@example.com
        push:
          branch: images
    # images/policies.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageRepository
    metadata:
      name: web
      namespace: flux-system
    spec:
      interval: 10m
      image: registry.example.com/web
    ---
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImagePolicy
    metadata:
      name: web
      namespace: flux-system
      labels:
        team: shop
    spec:
      imageRepositoryRef:
        name: web
      policy:
        semver:
          range: 1.x

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: images
      namespace: flux-system
    spec:
      interval: 10m
      path: ./images
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # images/update.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: fleet
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/fleet.git
      ref:
        branch: main
    ---
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageUpdateAutomation
    metadata:
      name: images
      namespace: flux-system
    spec:
      interval: 30m
      policySelector:
        matchLabels:
          team: shop
      sourceRef:
        kind: GitRepository
        name: fleet
      git:
        commit:
          author:
            email: images@example.com
        push:
          branch: images
    # images/policies.yaml
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImageRepository
    metadata:
      name: web
      namespace: flux-system
    spec:
      interval: 10m
      image: registry.example.com/web
    ---
    apiVersion: image.toolkit.fluxcd.io/v1
    kind: ImagePolicy
    metadata:
      name: web
      namespace: flux-system
      labels:
        team: shop
    spec:
      imageRepositoryRef:
        name: web
      policy:
        semver:
          range: 1.x
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble.flux import presence
from scaffold.model import Finding, FluxCluster, Manifest, Repository, Severity, mapping

ID = "unused-image-policy"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_SELECTOR = ("spec", "policySelector")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every selector that fits no policy, and every policy that a marker names in a namespace of its own."""
    marked = {marker.policy for file in repository.files.values() for marker in file.comments.markers}
    for known in presence.of(repository):
        if known.is_followed and known.cluster.syncs:
            yield from _selectors(known.cluster)
            yield from _elsewhere(known.cluster, {":".join(policy.split(":")[:2]) for policy in marked})


def _selectors(cluster: FluxCluster) -> Iterator[Finding]:
    for manifest in cluster.of_kinds("ImageUpdateAutomation"):
        labels = mapping(manifest.get(*_SELECTOR, "matchLabels"))
        policies = [m for m in cluster.of_kinds("ImagePolicy") if m.namespace in ("", manifest.namespace)]
        open_ended = any("${" in f"{m.namespace}{m.metadata.get('labels')}" for m in policies) or "${" in str(labels)
        if policies and not open_ended and not any(_has(m, labels) for m in policies):
            told = ", ".join(f"{key}: {value}" for key, value in labels.items())
            fact = f"ImageUpdateAutomation {manifest.name!r} selects policies with {told!r}"
            message = f"{fact}, which none of its namespace has; mend the label"
            place = manifest.place(*_SELECTOR, at_key=True)
            yield Finding(place, ID, message, SEVERITY, subject=manifest.name)


def _has(policy: Manifest, labels: Mapping[str, Any]) -> bool:
    own = mapping(policy.metadata.get("labels"))
    return all(own.get(key) == value for key, value in labels.items())


def _elsewhere(cluster: FluxCluster, marked: set[str]) -> Iterator[Finding]:
    """The policies where no automation is, while one is where no policy is."""
    policies, updates = (list(cluster.of_kinds(kind)) for kind in ("ImagePolicy", "ImageUpdateAutomation"))
    spaces = {m.namespace for m in policies}
    idle = sorted({m.namespace for m in updates} - spaces)
    if not idle or any(not name or "${" in name for name in (*spaces, *idle)):
        return
    updated = {m.namespace for m in updates}
    for manifest in policies:
        if manifest.namespace not in updated and f"{manifest.namespace}:{manifest.name}" in marked:
            fact = f"ImagePolicy {manifest.name!r} is in namespace {manifest.namespace!r}, where no automation is"
            message = f"{fact}, so its marker is never updated; put it into namespace {idle[0]!r}"
            yield Finding(manifest.place("metadata", "namespace"), ID, message, SEVERITY, subject=manifest.name)
