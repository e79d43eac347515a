"""What the monitors of Prometheus' operator select in their overlay."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Manifest, Overlay, mapping
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
