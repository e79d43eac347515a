"""A PodDisruptionBudget protects no pod.

The API server takes it, and a node that is drained may evict all replicas at once. Reported is a selector that fits no
pod of its overlay while the workload of the same name, or one whose label is almost the same, differs from it.

Fails:

    # all.yaml
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      minAvailable: 1
      selector:
        matchLabels:
          app: wbe
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
            app: web
      template:
        metadata:
          labels:
              app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0

Passes:

    # all.yaml
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      minAvailable: 1
      selector:
        matchLabels:
          app: web
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
            app: web
      template:
        metadata:
          labels:
              app: web
        spec:
          containers:
            - name: web
              image: registry.example.com/web:1.0.0
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, mapping
from scaffold.rules.selecting import unmatched

ID = "unmatched-budget"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every PodDisruptionBudget whose selector fits no pod, where it is clear which it was written for."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of("policy/PodDisruptionBudget"):
            missed = unmatched(overlay, manifest, mapping(manifest.get("spec", "selector")))
            if missed:
                pointer, message = missed
                yield Finding(manifest.place("spec", "selector", *pointer), ID, message, SEVERITY)
