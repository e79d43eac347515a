"""A ServiceMonitor scrapes a port that none of its Services has.

It is accepted, and the target never appears. A port is meant by its name in the Service, not by its number. Of a
ServiceMonitor that selects every Service nothing is said.

Fails:

    # all.yaml
    apiVersion: monitoring.coreos.com/v1
    kind: ServiceMonitor
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      endpoints:
        - port: metric
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      labels:
        app: web
    spec:
      clusterIP: None
      ports:
        - name: metrics
          port: 9090

Passes:

    # all.yaml
    apiVersion: monitoring.coreos.com/v1
    kind: ServiceMonitor
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      endpoints:
        - port: metrics
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      labels:
        app: web
    spec:
      clusterIP: None
      ports:
        - name: metrics
          port: 9090
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Manifest, Overlay, Repository, Severity, is_variable, mapping, sequence
from scaffold.nearest import hint
from scaffold.rules import monitored

ID = "unknown-monitor-port"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every port of a ServiceMonitor that the Services which it selects do not have."""
    for overlay in repository.overlays.values():
        for monitor in overlay.of(monitored.SERVICES):
            yield from _unknown(overlay, monitor)


def _unknown(overlay: Overlay, monitor: Manifest) -> Iterator[Finding]:
    services = list(monitored.services(overlay, monitor)) if monitor.get("spec", "selector") else []
    known = {str(mapping(port).get("name", "")) for item in services for port in sequence(item.get("spec", "ports"))}
    for index, endpoint in enumerate(sequence(monitor.get("spec", "endpoints"))):
        port = mapping(endpoint).get("port")
        if services and isinstance(port, str) and port and port not in known and not is_variable(port):
            asked = f"ServiceMonitor {monitor.name!r} scrapes port {port!r}"
            fact = f"{asked}, which Service {services[0].name!r} does not have"
            remedy = hint(port, known - {""}) if known - {""} else "give the port of the Service that name"
            yield Finding(monitor.place("spec", "endpoints", index, "port"), ID, f"{fact}; {remedy}")
