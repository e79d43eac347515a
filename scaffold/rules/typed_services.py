"""What a Service may set for some of its types alone (Kubernetes 1.37)."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Manifest, Pointer, dig, is_variable, mapping, sequence

_BALANCED = ("allocateLoadBalancerNodePorts", "loadBalancerClass", "loadBalancerSourceRanges")
_REFUSED = "so the API server refuses it"


def flaws(service: Manifest) -> Iterator[tuple[Pointer, str]]:
    """Every field that the type of a Service excludes, and a message about it."""
    spec = mapping(service.get("spec"))
    kind = str(spec.get("type") or "ClusterIP")
    if is_variable(kind):
        return
    named = f"Service {service.name!r}"
    inside = kind == "ExternalName" or (kind == "ClusterIP" and not spec.get("externalIPs"))
    if inside and spec.get("externalTrafficPolicy"):
        fact = f"{named} sets externalTrafficPolicy although its type is {kind}, {_REFUSED}"
        yield ("externalTrafficPolicy",), f"{fact}; remove it, or write type 'LoadBalancer' or 'NodePort'"
    for index, port in enumerate(sequence(spec.get("ports")) if kind == "ClusterIP" else ()):
        if dig(port, "nodePort"):
            fact = f"{named} sets nodePort although its type is {kind}, {_REFUSED}"
            yield ("ports", index, "nodePort"), f"{fact}; remove it, or write type 'NodePort'"
    for field in _BALANCED:
        if kind != "LoadBalancer" and spec.get(field) not in (None, "", []):
            fact = f"{named} sets {field} although its type is {kind}, {_REFUSED}"
            yield (field,), f"{fact}; remove it, or write type 'LoadBalancer'"
    local = kind == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"
    if spec.get("healthCheckNodePort") and not (local or is_variable(spec.get("externalTrafficPolicy"))):
        fact = (
            f"{named} sets healthCheckNodePort, and is no LoadBalancer with externalTrafficPolicy 'Local', {_REFUSED}"
        )
        yield ("healthCheckNodePort",), f"{fact}; remove it, or make it one"
    if spec.get("clusterIP") == "None" and kind in ("ExternalName", "LoadBalancer", "NodePort"):
        fact = f"{named} has clusterIP 'None' although its type is {kind}, {_REFUSED}"
        yield ("clusterIP",), f"{fact}; remove it, or write type 'ClusterIP'"
