"""An autoscaler goes by a share of what a container requests, and the container requests nothing.

A utilization is in per cent of the request: without one, or a limit that stands for it, the autoscaler says
`FailedGetResourceMetric` in its status and never scales (Kubernetes 1.36). A LimitRange of the namespace counts where
it gives containers that very resource by `defaultRequest`, `default`, `max` or `min`, which stand in for each other.

Fails:

    # deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 2
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
    # other.yaml
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      minReplicas: 2
      maxReplicas: 5
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web
      metrics:
        - type: Resource
          resource:
            name: cpu
            target:
              type: Utilization
              averageUtilization: 70
    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
      - other.yaml

Passes:

    # deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 2
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
              resources:
                requests:
                  cpu: 100m
    # other.yaml
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: web
    spec:
      minReplicas: 2
      maxReplicas: 5
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: web
      metrics:
        - type: Resource
          resource:
            name: cpu
            target:
              type: Utilization
              averageUtilization: 70
    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml
      - other.yaml
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import references
from scaffold.model import (
    Finding,
    Identity,
    Manifest,
    Overlay,
    Pod,
    Pointer,
    Repository,
    Severity,
    dig,
    mapping,
    sequence,
)
from scaffold.nearest import misspelled

ID = "unmeasured-autoscaler"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_CPU, _AVERAGE = "targetCPUUtilizationPercentage", "targetAverageUtilization"  # v1 and v2beta1


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every utilization of which a container of the workload has neither a request nor a limit."""
    for overlay in repository.overlays.values():
        for scaler in overlay.of("autoscaling/HorizontalPodAutoscaler"):
            for pointer, resource in _utilized(scaler) if not overlay.partial else ():
                yield from _missing(overlay, scaler, pointer, resource)


def _utilized(scaler: Manifest) -> Iterator[tuple[Pointer, str]]:
    """The resources whose utilization counts, as any version of the API says it, and where that stands."""
    if scaler.get("spec", _CPU) is not None:
        yield ("spec", _CPU), "cpu"
    for index, metric in enumerate(sequence(scaler.get("spec", "metrics"))):
        resource = mapping(dig(metric, "resource"))
        if dig(resource, "target", "type") == "Utilization" or resource.get(_AVERAGE) is not None:
            yield ("spec", "metrics", index, "resource", "name"), str(resource.get("name"))


def _missing(overlay: Overlay, scaler: Manifest, pointer: Pointer, resource: str) -> Iterator[Finding]:
    for pod in overlay.pods:
        container = next((c for c in pod.containers if not c.is_initial and not _has(c.data, resource)), None)
        if container and _is_target(mapping(scaler.get("spec", "scaleTargetRef")), pod):
            fact = f"HorizontalPodAutoscaler {scaler.name!r} goes by utilization of {resource}"
            message = f"{fact}, of which container {container.name!r} requests nothing; give it a request"
            unless = Identity("", references.REQUEST, scaler.namespace, resource)  # any LimitRange may give it
            yield Finding(scaler.place(*pointer), ID, message, SEVERITY, unless=unless)


def _has(container: Mapping[str, Any], resource: str) -> bool:
    """Tell whether there is a request, or a limit that stands for it; a slip in the field is another rule's."""
    slip = any(key != "resources" and misspelled(str(key), ("resources",)) for key in container)
    return slip or any(dig(container, "resources", field, resource) is not None for field in ("requests", "limits"))


def _is_target(target: Mapping[str, Any], pod: Pod) -> bool:
    return (target.get("kind"), target.get("name")) == (pod.manifest.kind, pod.manifest.name)
