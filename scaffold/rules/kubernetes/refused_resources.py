"""A container asks for resources that a LimitRange or a ResourceQuota of its Namespace refuses.

The API server takes a Deployment and refuses each of its pods. A LimitRange bounds what each container may request and
have at most, and gives limits to those without. A ResourceQuota that counts requests or limits wants every container to
have them. Looked at are those that are rendered beside the pods, without scopes (1.37).

Fails:

    # all.yaml
    apiVersion: v1
    kind: LimitRange
    metadata:
      name: bounds
      namespace: shop
    spec:
      limits:
        - type: Container
          max:
            memory: 1Gi
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      namespace: shop
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          resources:
            limits:
              memory: 2Gi

Passes:

    # all.yaml
    apiVersion: v1
    kind: LimitRange
    metadata:
      name: bounds
      namespace: shop
    spec:
      limits:
        - type: Container
          max:
            memory: 1Gi
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      namespace: shop
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          resources:
            limits:
              memory: 512Mi
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import (
    Confidence,
    Container,
    Finding,
    Manifest,
    Pod,
    Repository,
    Severity,
    dig,
    mapping,
    quantity,
    sequence,
)

ID = "refused-resources"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_KEPT = ("cpu", "memory")
_SIDES = ("requests", "limits")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every container out of the bounds beside it, and every one that lacks what is counted."""
    for overlay in repository.overlays.values():
        ranges, quotas = list(overlay.of("/LimitRange")), list(overlay.of("/ResourceQuota"))
        for pod in overlay.pods if ranges or quotas else ():
            for container in pod.containers:
                for bounds in _beside(ranges, pod):
                    yield from _out_of(bounds, pod, container)
                for quota in _beside(quotas, pod):
                    yield from _uncounted(quota, pod, container, _beside(ranges, pod))


def _beside(manifests: list[Manifest], pod: Pod) -> list[Manifest]:
    return [item for item in manifests if item.namespace and item.namespace == pod.manifest.namespace]


def _limits(bounds: Manifest) -> list[Mapping[str, Any]]:
    """What a LimitRange says of each container."""
    return [item for item in map(mapping, sequence(bounds.get("spec", "limits"))) if item.get("type") == "Container"]


def _out_of(bounds: Manifest, pod: Pod, container: Container) -> Iterator[Finding]:
    for item in _limits(bounds):
        for side in _SIDES:
            for name, value in mapping(dig(container.data, "resources", side)).items():
                asked, most, least = (
                    quantity(each) for each in (value, dig(item, "max", name), dig(item, "min", name))
                )
                which = "max" if _is_above(asked, most) else "min" if _is_above(least, asked) else ""
                if which:
                    fact = f"{pod.named(container)} {side} {value} {name}, and {which} of LimitRange {bounds.name!r} is"
                    message = f"{fact} {item[which][name]}, so its pods are refused; stay within it, or change it"
                    yield Finding(pod.manifest.place(*container.pointer, "resources", side, name), ID, message)


def _is_above(one: Any, other: Any) -> bool:
    return one is not None and other is not None and bool(one > other)


def _uncounted(quota: Manifest, pod: Pod, container: Container, ranges: list[Manifest]) -> Iterator[Finding]:
    scoped = quota.get("spec", "scopes") or quota.get("spec", "scopeSelector")
    for counted in mapping(quota.get("spec", "hard")) if not scoped and not pod.spec.get("resources") else ():
        side, dot, name = str(counted).partition(".")
        side, name = (side, name) if dot else ("requests", side)
        if side in _SIDES and name in _KEPT and not _has(container, side, name) and not _gives(ranges, side, name):
            fact = f"{pod.named(container)} has no {side}.{name}, which ResourceQuota {quota.name!r} counts"
            message = f"{fact}, so its pods are refused; set it, or give it to all by a LimitRange"
            place = pod.manifest.place(*container.pointer, "resources", side)
            yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM)


def _has(container: Container, side: str, name: str) -> bool:
    """Tell whether a container says how much of a resource it asks for; a limit is a request as well."""
    said = [mapping(dig(container.data, "resources", each)) for each in {side, "limits"}]
    return any(each.get(name) is not None for each in said)


def _gives(ranges: list[Manifest], side: str, name: str) -> bool:
    """Tell whether a LimitRange gives a resource to containers that say nothing: a maximum is a limit as well."""
    fields = ("default", "max") if side == "limits" else ("defaultRequest", "default", "max", "min")
    return any(
        mapping(item.get(field)).get(name) is not None for r in ranges for item in _limits(r) for field in fields
    )
