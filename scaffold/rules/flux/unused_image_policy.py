"""An ImageUpdateAutomation and an image policy do not meet.

An automation takes the policies of its own namespace that have the labels of its `policySelector`, and no others. What
it does not take is found, and never written to a file. A namespace is left alone where policies or automations may be
that no file here tells: what Flux builds of another repository may make some anywhere, unless its Kustomization has a
`targetNamespace`, or acts as an account, which may do so in its own namespace.

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
from scaffold.assemble.flux.presence import Presence
from scaffold.model import Finding, Manifest, Repository, Severity, mapping

ID = "unused-image-policy"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_SELECTOR = ("spec", "policySelector")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every selector that fits no policy, and every policy that a marker names in a namespace of its own."""
    marked = {marker.policy for file in repository.files.values() for marker in file.comments.markers}
    for known in presence.of(repository):
        if known.cluster.syncs:
            yield from _selectors(known)
            yield from _elsewhere(known, {":".join(policy.split(":")[:2]) for policy in marked})


def _selectors(known: Presence) -> Iterator[Finding]:
    cluster = known.cluster
    for manifest in cluster.of_kinds("ImageUpdateAutomation"):
        if not _is_told(known, manifest.namespace):
            continue
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


def _is_told(known: Presence, namespace: str) -> bool:
    return known.is_followed or known.is_told(namespace)


def _elsewhere(known: Presence, marked: set[str]) -> Iterator[Finding]:
    """The policies where no automation is, while one is where no policy is."""
    cluster = known.cluster
    policies, updates = (list(cluster.of_kinds(kind)) for kind in ("ImagePolicy", "ImageUpdateAutomation"))
    spaces = {m.namespace for m in policies}
    idle = sorted(name for name in {m.namespace for m in updates} - spaces if _is_told(known, name))
    if not idle or any(not name or "${" in name for name in (*spaces, *idle)):
        return
    updated = {m.namespace for m in updates}
    for manifest in (m for m in policies if _is_told(known, m.namespace)):
        if manifest.namespace not in updated and f"{manifest.namespace}:{manifest.name}" in marked:
            fact = f"ImagePolicy {manifest.name!r} is in namespace {manifest.namespace!r}, where no automation is"
            message = f"{fact}, so its marker is never updated; put it into namespace {idle[0]!r}"
            yield Finding(manifest.place("metadata", "namespace"), ID, message, SEVERITY, subject=manifest.name)
