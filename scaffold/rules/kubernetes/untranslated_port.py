"""A NetworkPolicy opens the port of a Service instead of that of its pods.

What a policy lets in or out is looked at by the port of the pod, which the Service has put for its own by then. The
connections that the policy was written for are dropped. Reported is a port that no container of the pods declares that
it leads to, while a Service before them leads from it to one that they do, which the same rule of the policy leaves
shut. What leaves is told where a rule is for pods alone that are rendered beside it, in the policy's namespace or in
one that `kubernetes.io/metadata.name` names.

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
from typing import Any, NamedTuple

from scaffold.model import (
    Confidence,
    Finding,
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
from scaffold.rules.selecting import fits, selected

ID = "untranslated-port"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_Ports = list[Mapping[str, Any]]
_NAME = "kubernetes.io/metadata.name"  # a label that every namespace has


class _Rule(NamedTuple):
    """What a policy opens: the ports that one of its rules tells, at `pointer`, and the pods to which it opens them."""

    policy: Manifest
    pointer: Pointer
    opened: _Ports
    pods: list[Pod]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every port of a policy that a Service leads from, and no pod has."""
    for overlay in repository.overlays.values():
        for policy in overlay.of("networking.k8s.io/NetworkPolicy"):
            for rule in (*_in(overlay, policy), *_out(overlay, policy)):
                declared = [_declared(pod) for pod in rule.pods]
                if declared and all(declared):
                    yield from _of_rule(overlay, rule, [port for ports in declared for port in ports])


def _in(overlay: Overlay, policy: Manifest) -> Iterator[_Rule]:
    selector = mapping(policy.get("spec", "podSelector"))
    pods = selected(overlay, policy, selector) if any(selector.values()) else []
    for pointer, rule in _told(policy, "ingress"):
        yield _Rule(policy, pointer, _ports(rule), pods)


def _out(overlay: Overlay, policy: Manifest) -> Iterator[_Rule]:
    for pointer, rule in _told(policy, "egress"):
        told = [_peers(overlay, policy, mapping(peer)) for peer in sequence(dig(rule, "to"))]
        yield _Rule(policy, pointer, _ports(rule), [pod for pods in told for pod in pods] if all(told) else [])


def _told(policy: Manifest, field: str) -> Iterator[tuple[Pointer, object]]:
    types = policy.get("spec", "policyTypes")
    rules = sequence(policy.get("spec", field)) if not types or field.capitalize() in sequence(types) else []
    return ((("spec", field, number, "ports"), rule) for number, rule in enumerate(rules))


def _ports(rule: object) -> _Ports:
    return list(map(mapping, sequence(dig(rule, "ports"))))


def _peers(overlay: Overlay, policy: Manifest, peer: Mapping[str, Any]) -> list[Pod]:
    """The pods that are meant, where it is told by labels which they are, and of which namespace."""
    selector, spaces = mapping(peer.get("podSelector")), mapping(peer.get("namespaceSelector"))
    namespace = dig(spaces, "matchLabels", _NAME) if peer.keys() == {"podSelector", "namespaceSelector"} else None
    own = peer.keys() == {"podSelector"}
    if not any(selector.values()) or not (own or (namespace and spaces == {"matchLabels": {_NAME: namespace}})):
        return []
    wanted = policy.namespace if own else namespace
    return [pod for pod in overlay.pods if pod.manifest.namespace == wanted and fits(selector, pod.labels)]


def _declared(pod: Pod) -> _Ports:
    return [mapping(port) for item in pod.containers for port in sequence(item.data.get("ports"))]


def _of_rule(overlay: Overlay, rule: _Rule, declared: _Ports) -> Iterator[Finding]:
    known = {number for port in declared if isinstance(number := port.get("containerPort"), int)}
    for index, port in enumerate(rule.opened):
        told = port.get("port")
        if isinstance(told, int) and told not in known and not port.get("endPort"):
            for service, target in _led(overlay, rule.pods, told, declared):
                if target in known and not any(_opens(each, target, declared) for each in rule.opened):
                    fact = f"NetworkPolicy {rule.policy.name!r} opens port {told}, which is that of Service"
                    message = f"{fact} {service.name!r}, whose pods have {target}; open that one"
                    place = rule.policy.place(*rule.pointer, index, "port")
                    yield Finding(place, ID, message, SEVERITY, Confidence.MEDIUM)


def _led(overlay: Overlay, pods: list[Pod], told: int, declared: _Ports) -> list[tuple[Manifest, int]]:
    """The first Service of the pods that leads from a port to another one, with that."""
    for service in overlay.of("/Service"):
        selector = mapping(service.get("spec", "selector"))
        chosen = selected(overlay, service, {"matchLabels": selector}) if selector else []
        if chosen and all(pod in pods for pod in chosen):
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
