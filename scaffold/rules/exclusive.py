"""Fields of pods and policies that exclude each other, or what they say (Kubernetes 1.37)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Container, Manifest, Overlay, Pod, Pointer, dig, is_variable, mapping, sequence
from scaffold.rules.listed import ANY, values

Flaw = tuple[Manifest, Pointer, str]
_REFUSED = "so the API server refuses it"
_NONE = (0, "0", "0%")
_OF_LONG_ONES = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")


def of_pod(pod: Pod) -> Iterator[Flaw]:
    """The fields that exclude each other in a pod and its containers."""
    where, named = (*pod.template, "spec"), f"{pod.manifest.kind} {pod.manifest.name!r}"
    if pod.spec.get("hostPID") is True and pod.spec.get("shareProcessNamespace") is True:
        fact = f"{named} sets hostPID and shareProcessNamespace, {_REFUSED}"
        yield pod.manifest, (*where, "shareProcessNamespace"), f"{fact}; remove one of the two"
    for index, data in enumerate(map(mapping, sequence(pod.spec.get("tolerations")))):
        effect = data.get("effect")
        if data.get("tolerationSeconds") is not None and effect != "NoExecute" and not is_variable(effect):
            fact = f"{named} tolerates {data.get('key')!r} for tolerationSeconds, and not its effect 'NoExecute'"
            message = f"{fact}, {_REFUSED}; write effect 'NoExecute', or remove the seconds"
            yield pod.manifest, (*where, "tolerations", index, "tolerationSeconds"), message
    for container in pod.containers:
        for pointer, message in _of_container(container):
            yield pod.manifest, (*container.pointer, *pointer), f"{pod.named(container)} {message}"


def _of_container(container: Container) -> Iterator[tuple[Pointer, str]]:
    context = mapping(container.data.get("securityContext"))
    if context.get("privileged") is True and context.get("allowPrivilegeEscalation") is False:
        fact = f"is privileged with allowPrivilegeEscalation false, {_REFUSED}"
        yield ("securityContext", "allowPrivilegeEscalation"), f"{fact}; remove one of the two"
    if dig(container.data, "readinessProbe", "terminationGracePeriodSeconds") is not None:
        fact = f"sets terminationGracePeriodSeconds in readinessProbe, which ends nothing, {_REFUSED}"
        yield ("readinessProbe", "terminationGracePeriodSeconds"), f"{fact}; remove it"
    for index, mount in enumerate(map(mapping, sequence(container.data.get("volumeMounts")))):
        if mount.get("subPath") and mount.get("subPathExpr"):
            fact = f"mounts {mount.get('name')!r} with subPath and subPathExpr, {_REFUSED}"
            yield ("volumeMounts", index, "subPathExpr"), f"{fact}; remove one of the two"
    if container.is_initial and container.data.get("restartPolicy") in (None, "Never", "OnFailure"):
        for field in (field for field in _OF_LONG_ONES if container.data.get(field)):
            fact = f"is an init container that ends, and has {field}, {_REFUSED}"
            yield (field,), f"{fact}; remove it, or write restartPolicy 'Always'"


def of_others(overlay: Overlay) -> Iterator[Flaw]:
    """The fields that exclude each other in what is no pod."""
    for workload in overlay.of("apps/DaemonSet"):
        yield from _rolling(workload)
    for workload in overlay.of("apps/StatefulSet"):
        strategy = mapping(workload.get("spec", "updateStrategy"))
        if strategy.get("type") == "OnDelete" and strategy.get("rollingUpdate"):
            fact = f"StatefulSet {workload.name!r} sets rollingUpdate although its strategy is OnDelete, {_REFUSED}"
            yield workload, ("spec", "updateStrategy", "rollingUpdate"), f"{fact}; set rollingUpdate to null"
    for policy in overlay.of("networking.k8s.io/NetworkPolicy"):
        yield from _of_policy(policy)
    for settings in overlay.of("/ConfigMap"):
        texts, others = mapping(settings.get("data")), mapping(settings.get("binaryData"))
        for key in texts.keys() & others.keys():
            fact = f"ConfigMap {settings.name!r} has key {key!r} in data and in binaryData, {_REFUSED}"
            yield settings, ("binaryData", key), f"{fact}; remove one of the two"


def _rolling(workload: Manifest) -> Iterator[Flaw]:
    """A DaemonSet replaces pods before it removes them, or after; one pod is unavailable where it does not say."""
    rolling = mapping(workload.get("spec", "updateStrategy", "rollingUpdate"))
    surge, unavailable = rolling.get("maxSurge"), rolling.get("maxUnavailable")
    where = ("spec", "updateStrategy", "rollingUpdate")
    named = f"DaemonSet {workload.name!r}"
    if is_variable(surge) or is_variable(unavailable):
        return
    if surge in (None, *_NONE) and unavailable in _NONE:
        fact = f"{named} sets maxUnavailable to 0 without a maxSurge, {_REFUSED}"
        yield workload, (*where, "maxUnavailable"), f"{fact}; raise one of the two"
    elif surge not in (None, *_NONE) and unavailable not in _NONE:
        told = "is 1 by default" if unavailable is None else f"is {unavailable}"
        fact = f"{named} sets maxSurge to {surge} while maxUnavailable {told}, {_REFUSED}"
        yield workload, (*where, "maxSurge"), f"{fact}; set one of the two to 0"


def _of_policy(policy: Manifest) -> Iterator[Flaw]:
    named = f"NetworkPolicy {policy.name!r}"
    for way, peers in (("ingress", "from"), ("egress", "to")):
        for pointer, peer in values(policy.data, ("spec", way, ANY, peers, ANY)):
            if mapping(peer).get("ipBlock") is not None and _selects(mapping(peer)):
                fact = f"{named} has a peer with ipBlock and a selector, {_REFUSED}"
                yield policy, (*pointer, "ipBlock"), f"{fact}; make two peers of them"
        for pointer, entry in values(policy.data, ("spec", way, ANY, "ports", ANY)):
            if dig(entry, "endPort") is not None and _is_no_number(dig(entry, "port")):
                fact = f"{named} sets endPort without a number in port, {_REFUSED}"
                yield policy, (*pointer, "endPort"), f"{fact}; write the first port of the range in port"


def _selects(peer: Mapping[str, Any]) -> bool:
    return any(peer.get(field) is not None for field in ("podSelector", "namespaceSelector"))


def _is_no_number(port: object) -> bool:
    return port is None or (isinstance(port, str) and not is_variable(port))
