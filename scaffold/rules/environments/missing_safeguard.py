"""Production lacks what protects a workload in the environment before it.

A PodDisruptionBudget, an autoscaler, a NetworkPolicy, a monitor or its alerts were added where they were tried out, and
forgotten where they count. A PrometheusRule that records only, and has no alert, protects nothing.

Fails:

    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
    # web/base/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 1
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
              image: registry.example.com/shop/web:1.4.2
    # web/overlays/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
      - budget.yaml
    # web/overlays/staging/budget.yaml
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      minAvailable: 1
      selector:
        matchLabels:
          app: web
    # web/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base

Passes:

    # web/base/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
    # web/base/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 1
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
              image: registry.example.com/shop/web:1.4.2
    # web/overlays/staging/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
      - budget.yaml
    # web/overlays/staging/budget.yaml
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      minAvailable: 1
      selector:
        matchLabels:
          app: web
    # web/overlays/production/kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
      - budget.yaml
    # web/overlays/production/budget.yaml
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web
    spec:
      minAvailable: 1
      selector:
        matchLabels:
          app: web
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import siblings
from scaffold.model import Confidence, Finding, RenderedObject, Repository, Severity

ID = "missing-safeguard"
SEVERITY = Severity.WARNING
SCOPE = "repository"
_KINDS = frozenset(
    (
        *("PodDisruptionBudget", "HorizontalPodAutoscaler", "ScaledObject", "NetworkPolicy"),
        *("ServiceMonitor", "PodMonitor", "PrometheusRule"),
    )
)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such object of the nearest environment before a production that has none of its kind."""
    for line in siblings.lines(repository):
        before, production = line.before[-1], line.production
        kinds = {item.kind for item in production.overlay.objects if _protects(item)}
        for (kind, name), item in sorted(before.objects().items()):
            if kind in _KINDS - kinds and _protects(item):
                lacks = f"environment {production.environment!r} has no {kind} {name!r}"
                message = f"{lacks}, which {before.environment!r} has; add it to {production.overlay.path!r}"
                place = siblings.place(repository, production.overlay, "resources")
                yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, subject=f"{kind}/{name}")


def _protects(item: RenderedObject) -> bool:
    """Tell what protects something from what records only: the keys of a PrometheusRule are its alerts."""
    return item.kind != "PrometheusRule" or bool(item.keys)
