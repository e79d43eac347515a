"""An Alert listens to an object that is not there.

notification-controller forwards an event where kind, name and namespace of an entry match, so nothing is ever reported.
Without a namespace, one of the Alert's own is meant; `*` stands for every name.

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
    ---
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
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
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
          name: application

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
    ---
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
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: fast
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
          name: apps
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble.flux import presence
from scaffold.model import Finding, Repository, Severity, sequence
from scaffold.model.flux import referred

ID = "undefined-event-source"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every event source that nothing in the cluster makes."""
    for known in presence.of(repository):
        for manifest in known.cluster.of_kinds("Alert"):
            for index, _ in enumerate(sequence(manifest.get("spec", "eventSources"))):
                wanted = referred(manifest, "spec", "eventSources", index)
                if wanted.name != "*" and known.lacks(wanted):
                    fact = f"Alert {manifest.name!r} listens to {wanted}, which is not there, so it never speaks"
                    place = manifest.place("spec", "eventSources", index, "name")
                    subject = f"{manifest.name}/{wanted.kind}/{wanted.name}"
                    yield Finding(place, ID, f"{fact}; {known.remedy(wanted, manifest)}", SEVERITY, subject=subject)
