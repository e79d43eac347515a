"""A Receiver wakes an object that is not there.

A push to the repository then waits for the next interval. Without a namespace, one of the Receiver's own is meant; `*`
stands for every name.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: hooks
      namespace: flux-system
    spec:
      interval: 10m
      path: ./hooks
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # hooks/receiver.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: fleet
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/platform/fleet.git
      ref:
        branch: main
    ---
    apiVersion: notification.toolkit.fluxcd.io/v1
    kind: Receiver
    metadata:
      name: push
      namespace: flux-system
    spec:
      type: github
      secretRef:
        name: hook
      resources:
        - kind: GitRepository
          name: flet

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: hooks
      namespace: flux-system
    spec:
      interval: 10m
      path: ./hooks
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # hooks/receiver.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata:
      name: fleet
      namespace: flux-system
    spec:
      interval: 5m
      url: https://git.example.com/platform/fleet.git
      ref:
        branch: main
    ---
    apiVersion: notification.toolkit.fluxcd.io/v1
    kind: Receiver
    metadata:
      name: push
      namespace: flux-system
    spec:
      type: github
      secretRef:
        name: hook
      resources:
        - kind: GitRepository
          name: fleet
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.flux import presence
from scaffold.model import Finding, Repository, Severity, sequence
from scaffold.model.flux import Reference, referred
from scaffold.nearest import is_kin

ID = "undefined-receiver-resource"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every resource of a Receiver that nothing in the cluster makes."""
    for known in presence.of(repository):
        for manifest in known.cluster.of_kinds("Receiver"):
            for index, _ in enumerate(sequence(manifest.get("spec", "resources"))):
                wanted = referred(manifest, "spec", "resources", index)
                if wanted.name != "*" and wanted != known.cluster.source and _is_missing(known, wanted):
                    fact = f"Receiver {manifest.name!r} wakes {wanted}, which is not there"
                    message = f"{fact}; {known.remedy(wanted, manifest)}"
                    place = manifest.place("spec", "resources", index, "name")
                    subject = f"{manifest.name}/{wanted.kind}/{wanted.name}"
                    yield Finding(place, ID, message, SEVERITY, subject=subject)


def _is_missing(known: presence.Presence, wanted: Reference) -> bool:
    """Tell whether nothing is called so; one that a chart may make, only if one that is known lacks just a word."""
    names = [name for name in known.names(wanted.kind, wanted.namespace) if is_kin(name, wanted.name)]
    return known.lacks(wanted) or (wanted.is_literal and not known.has(wanted) and len(names) == 1)
