"""An Alert speaks through a Provider that is not there.

The Provider is one of the Alert's own namespace. Without it no event is forwarded.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: alerts
      namespace: flux-system
    spec:
      interval: 10m
      path: ./alerts
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # alerts/alert.yaml
    apiVersion: notification.toolkit.fluxcd.io/v1beta3
    kind: Provider
    metadata:
      name: chat
      namespace: flux-system
    spec:
      type: slack
      address: https://hooks.example.com
    ---
    apiVersion: notification.toolkit.fluxcd.io/v1beta3
    kind: Alert
    metadata:
      name: deployments
      namespace: flux-system
    spec:
      providerRef:
        name: chats
      eventSources:
        - kind: Kustomization
          name: alerts

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: alerts
      namespace: flux-system
    spec:
      interval: 10m
      path: ./alerts
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
    # alerts/alert.yaml
    apiVersion: notification.toolkit.fluxcd.io/v1beta3
    kind: Provider
    metadata:
      name: chat
      namespace: flux-system
    spec:
      type: slack
      address: https://hooks.example.com
    ---
    apiVersion: notification.toolkit.fluxcd.io/v1beta3
    kind: Alert
    metadata:
      name: deployments
      namespace: flux-system
    spec:
      providerRef:
        name: chat
      eventSources:
        - kind: Kustomization
          name: alerts
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.flux import presence
from scaffold.model import Finding, Repository, Severity
from scaffold.model.flux import Reference
from scaffold.model.values import text

ID = "undefined-provider"
SEVERITY = Severity.ERROR
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every Alert whose Provider nothing in the cluster makes."""
    for known in presence.of(repository):
        for manifest in known.cluster.of_kinds("Alert"):
            name = text(manifest.get("spec", "providerRef", "name"))
            wanted = Reference("Provider", manifest.namespace, name)
            if known.lacks(wanted):
                fact = f"Alert {manifest.name!r} speaks through {wanted}, which is not there"
                message = f"{fact}; {known.remedy(wanted, manifest)}"
                place = manifest.place("spec", "providerRef", "name")
                yield Finding(place, ID, message, subject=f"{manifest.name}/{name}")
