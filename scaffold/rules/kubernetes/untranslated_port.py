"""A NetworkPolicy opens the port of a Service instead of that of its pods.

What a policy lets in is looked at where it arrives at a pod, when the Service has put the pod's port for its own. The
connections that the policy was written for are dropped. Reported is a port that no container of the selected pods
declares, while a Service before them leads from it to one that they do, which the same rule of the policy leaves shut.

Fails:

    # all.yaml
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: web
    spec:
      podSelector:
        matchLabels:
          app: web
      ingress:
        - ports:
            - port: 80
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
          targetPort: 8080
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          ports:
            - containerPort: 8080

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
      ingress:
        - ports:
            - port: 8080
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
          targetPort: 8080
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          ports:
            - containerPort: 8080
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Confidence, Finding, Manifest, Overlay, Pod, Repository, Severity, dig, mapping, sequence
from scaffold.rules.selecting import selected

ID = "untranslated-port"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_Ports = list[Mapping[str, Any]]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every port of a policy that a Service leads from, and no pod has."""
    for overlay in repository.overlays.values():
        for policy in overlay.of("networking.k8s.io/NetworkPolicy"):
            selector = mapping(policy.get("spec", "podSelector"))
            pods = selected(overlay, policy, selector) if any(selector.values()) else []
            declared = [_declared(pod) for pod in pods]
            if declared and all(declared):
                yield from _of_policy(overlay, policy, pods, [port for ports in declared for port in ports])


def _declared(pod: Pod) -> _Ports:
    return [mapping(port) for item in pod.containers for port in sequence(item.data.get("ports"))]


def _of_policy(overlay: Overlay, policy: Manifest, pods: list[Pod], declared: _Ports) -> Iterator[Finding]:
    known = {number for port in declared if isinstance(number := port.get("containerPort"), int)}
    for number, rule in enumerate(sequence(policy.get("spec", "ingress"))):
        opened = [mapping(port) for port in sequence(dig(rule, "ports"))]
        for index, port in enumerate(opened):
            told = port.get("port")
            if isinstance(told, int) and told not in known and not port.get("endPort"):
                for service, target in _led(overlay, policy, pods, told, declared):
                    if target in known and not any(_opens(each, target, declared) for each in opened):
                        fact = f"NetworkPolicy {policy.name!r} opens port {told}, which is that of Service"
                        message = f"{fact} {service.name!r}, whose pods have {target}; open that one"
                        place = policy.place("spec", "ingress", number, "ports", index, "port")
                        yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM)


def _led(
    overlay: Overlay, policy: Manifest, pods: list[Pod], told: int, declared: _Ports
) -> list[tuple[Manifest, int]]:
    """The first Service of the pods that leads from a port to another one, with that."""
    for service in overlay.of("/Service"):
        selector = mapping(service.get("spec", "selector"))
        chosen = selected(overlay, service, {"matchLabels": selector}) if selector else []
        if service.namespace == policy.namespace and chosen and all(pod in pods for pod in chosen):
            for port in map(mapping, sequence(service.get("spec", "ports"))):
                target = _numbered(port.get("targetPort"), declared) if port.get("port") == told else None
                if target not in (None, told):
                    return [(service, int(target or 0))]
    return []


def _numbered(port: object, declared: _Ports) -> int | None:
    """The number of a port of the pods, if it has one alone."""
    if isinstance(port, int):
        return port
    named = (each.get("containerPort") for each in declared if port and each.get("name") == port)
    numbers = {number for number in named if isinstance(number, int)}
    return next(iter(numbers)) if len(numbers) == 1 else None


def _opens(port: Mapping[str, Any], target: int, declared: _Ports) -> bool:
    least = _numbered(port.get("port"), declared)
    most = port.get("endPort", least)
    return port.get("port") is None or (isinstance(least, int) and isinstance(most, int) and least <= target <= most)
