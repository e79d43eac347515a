"""A NetworkPolicy applies to no pod.

The API server takes it, and the pods that it was written for stay open, or closed, as they were. Reported is a selector
that fits no pod of its overlay while the workload of the same name, or one whose label is almost the same, differs from
it. An empty selector applies to every pod.

Fails:

    # all.yaml
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
    spec:
      podSelector:
        matchLabels:
          app: wbe
      policyTypes:
        - Ingress
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
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
    spec:
      podSelector:
        matchLabels:
          app: web
      policyTypes:
        - Ingress
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

ID = "unmatched-policy"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every NetworkPolicy whose selector fits no pod, where it is clear which it was written for."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of("networking.k8s.io/NetworkPolicy"):
            missed = unmatched(overlay, manifest, mapping(manifest.get("spec", "podSelector")))
            if missed:
                pointer, message = missed
                yield Finding(manifest.place("spec", "podSelector", *pointer), ID, message, SEVERITY)
