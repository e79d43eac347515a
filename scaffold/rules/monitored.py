"""What the monitors of Prometheus' operator select in their overlay, and what its servers do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Manifest, Overlay, Pod, dig, is_variable, mapping, sequence
from scaffold.model.values import text
from scaffold.rules.selecting import fits

SERVICES = "monitoring.coreos.com/ServiceMonitor"
PODS = "monitoring.coreos.com/PodMonitor"


def is_elsewhere(monitor: Manifest) -> bool:
    """Tell whether a monitor looks into other namespaces than its own."""
    selector = mapping(monitor.get("spec", "namespaceSelector"))
    return bool(selector.get("any") or set(selector.get("matchNames") or ()) - {monitor.namespace})


def services(overlay: Overlay, monitor: Manifest) -> Iterator[Manifest]:
    """The Services of an overlay that a ServiceMonitor selects."""
    selector = mapping(monitor.get("spec", "selector"))
    names = mapping(monitor.get("spec", "namespaceSelector"))
    for service in overlay.of("/Service"):
        inside = service.namespace in (names.get("matchNames") or (monitor.namespace,)) or names.get("any") is True
        if inside and fits(selector, mapping(service.metadata.get("labels"))):
            yield service


def pods(overlay: Overlay, monitor: Manifest) -> Iterator[Pod]:
    """The pods of an overlay that a PodMonitor selects."""
    selector = mapping(monitor.get("spec", "selector"))
    names = mapping(monitor.get("spec", "namespaceSelector"))
    for pod in overlay.pods:
        inside = pod.manifest.namespace in (names.get("matchNames") or (monitor.namespace,)) or names.get("any") is True
        if inside and fits(selector, pod.labels):
            yield pod


def container_ports(pod: Pod) -> Iterator[object]:
    """The ports of all containers of a pod."""
    return (port for container in pod.containers for port in sequence(container.data.get("ports")))


def fitting(overlay: Overlay, monitor: Manifest) -> Iterator[Manifest]:
    """What a monitor's labels fit, wherever it is, that has one of the ports which it scrapes by their names."""
    field = "podMetricsEndpoints" if monitor.kind == "PodMonitor" else "endpoints"
    selector = mapping(monitor.get("spec", "selector"))
    ports = {port for item in sequence(monitor.get("spec", field)) if (port := text(dig(item, "port")))}
    for manifest, labels, names in _targets(overlay, monitor):
        if ports & names and fits(selector, labels):
            yield manifest


def _targets(overlay: Overlay, monitor: Manifest) -> Iterator[tuple[Manifest, Mapping[str, Any], set[str]]]:
    """The Services, or the pods, of an overlay, with their labels and the names of their ports."""
    if monitor.kind == "PodMonitor":
        for pod in overlay.pods:
            yield pod.manifest, pod.labels, {text(dig(port, "name")) for port in container_ports(pod)}
    else:
        for service in overlay.of("/Service"):
            names = {text(dig(port, "name")) for port in sequence(service.get("spec", "ports"))}
            yield service, mapping(service.metadata.get("labels")), names


def selects(server: Manifest, field: str, manifest: Manifest, overlay: Overlay) -> bool:
    """Tell whether a server selects an object; what depends on labels that are not here may be selected."""
    selector = server.get("spec", f"{field}Selector")
    labels = mapping(manifest.metadata.get("labels"))
    if not isinstance(selector, Mapping) or not (fits(selector, labels) or _is_open(selector)):
        return False
    namespaces = server.get("spec", f"{field}NamespaceSelector")
    if not isinstance(namespaces, Mapping):
        return server.namespace == manifest.namespace
    own = next((m for m in overlay.of("/Namespace") if m.name == manifest.namespace), None)
    return own is None or fits(namespaces, _with_name(own)) or _is_open(namespaces)


def _is_open(selector: Mapping[str, Any]) -> bool:
    return any(map(is_variable, mapping(selector.get("matchLabels")).values()))


def _with_name(namespace: Manifest) -> Mapping[str, Any]:
    """A namespace's labels with the one that the API server adds."""
    return {**mapping(namespace.metadata.get("labels")), "kubernetes.io/metadata.name": namespace.name}
