"""An autoscaler scales a workload that nothing renders.

It does nothing, and says so only in its own status (`FailedGetScale`): the workload stays at the size it has. A
workload that a chart which was not rendered, or an operator, may make is not missed, nor one beside which the overlay
renders none of its kind.

Fails:

    # autoscaler.yaml
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      maxReplicas: 5
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web-server
    # deployment.yaml
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

    # autoscaler.yaml
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      maxReplicas: 5
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web
    # deployment.yaml
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

from scaffold.assemble import references
from scaffold.model import Finding, Repository, Severity
from scaffold.rules.needing import missing, unmet

ID = "missing-scale-target"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_KINDS = ("autoscaling/HorizontalPodAutoscaler", "autoscaling.k8s.io/VerticalPodAutoscaler", "keda.sh/ScaledObject")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every autoscaler whose workload nothing in the repository renders."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of(*_KINDS):
            for need, guess in unmet(overlay, references.of_scaler(manifest)):
                kind = need.kind.rpartition("/")[2]
                fact = f"{manifest.kind} {manifest.name!r} scales {kind} {need.name!r}, which nothing renders"
                place = manifest.place(*need.pointer)
                yield missing(place, ID, fact, need, guess)
