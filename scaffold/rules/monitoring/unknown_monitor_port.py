"""A ServiceMonitor scrapes a port that none of its Services has, or a PodMonitor one that none of its pods has.

It is accepted, and the target never appears. A port is meant by its name in the Service, or in a container, not by its
number. Of a monitor that selects every Service, or every pod, nothing is said, nor of ports of a mesh, whose containers
are put in later, nor where an operator makes a Service with the labels that are asked for. The pods of Flux's
controllers, whose ports are known (Flux 2.9), need not be rendered beside it.

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

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scaffold.model import Finding, Manifest, Overlay, Place, Repository, Severity, dig, is_variable, mapping, sequence
from scaffold.nearest import hint, near
from scaffold.rules import monitored
from scaffold.rules.selecting import fits, is_of_mesh

ID = "unknown-monitor-port"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_FLUX = (
    "helm-controller",
    "image-automation-controller",
    "image-reflector-controller",
    "kustomize-controller",
    "notification-controller",
    "source-controller",
    "source-watcher",
)
# Their operators make Services that have the labels of the object.
_PASSING_ON = (
    "grafana.integreatly.org/Grafana",
    "opentelemetry.io/OpenTelemetryCollector",
    "rabbitmq.com/RabbitmqCluster",
    *(f"redis.redis.opstreelabs.in/{kind}" for kind in ("Redis", "RedisCluster", "RedisReplication", "RedisSentinel")),
)
_FLUX_LABELS = ("app", "app.kubernetes.io/component")
_FLUX_PORTS = ("http-prom", "healthz", "http", "http-webhook")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every port of a monitor that the Services or the pods which it selects do not have."""
    for overlay in repository.overlays.values():
        for monitor in overlay.of(monitored.SERVICES):
            told = monitor.get("spec", "selector") and not _is_for_operated(overlay, monitor)
            services = list(monitored.services(overlay, monitor)) if told else []
            known = {str(dig(port, "name") or "") for item in services for port in sequence(item.get("spec", "ports"))}
            yield from _unknown(monitor, "endpoints", services, known)
        for monitor in overlay.of(monitored.PODS):
            pods = list(monitored.pods(overlay, monitor)) if monitor.get("spec", "selector") else []
            known = {str(dig(port, "name") or "") for pod in pods for port in monitored.container_ports(pod)}
            yield from _unknown(monitor, "podMetricsEndpoints", [pod.manifest for pod in pods], known)
            if not pods and _is_for_flux(monitor):
                yield from _of_flux(monitor)


def _is_for_operated(overlay: Overlay, monitor: Manifest) -> bool:
    """Tell whether an operator makes a Service here that a monitor selects, whose ports are not known."""
    selector = mapping(monitor.get("spec", "selector"))
    return any(fits(selector, mapping(each.metadata.get("labels"))) for each in overlay.of(*_PASSING_ON))


def _unknown(monitor: Manifest, field: str, selected: Sequence[Manifest], known: set[str]) -> Iterator[Finding]:
    for place, endpoint in _named(monitor, field) if selected else ():
        if (port := str(endpoint["port"])) not in known:
            asked = f"{monitor.kind} {monitor.name!r} scrapes port {port!r}"
            fact = f"{asked}, which {selected[0].kind} {selected[0].name!r} does not have"
            yield Finding(place, ID, f"{fact}; {_remedy(monitor, field, endpoint, known - {''})}")


def _remedy(monitor: Manifest, field: str, endpoint: Mapping[str, Any], known: set[str]) -> str:
    """The port that is meant; it is none of those that another endpoint scrapes at the same path already."""
    there = "the port of the Service" if field == "endpoints" else "a port"
    if not known:
        return f"give {there} that name"
    port = str(endpoint["port"])
    free = known - {str(other["port"]) for _, other in _named(monitor, field) if _asked(other) == _asked(endpoint)}
    if near(port, free) or (free and not near(port, known)):
        return hint(port, free)
    return f"remove the endpoint, or add the port to the {'Service' if field == 'endpoints' else 'container'}"


def _asked(endpoint: Mapping[str, Any]) -> tuple[Any, Any]:
    return endpoint.get("path") or "/metrics", endpoint.get("params")


def _of_flux(monitor: Manifest) -> Iterator[Finding]:
    for place, endpoint in _named(monitor, "podMetricsEndpoints"):
        if endpoint["port"] not in _FLUX_PORTS:
            fact = f"PodMonitor {monitor.name!r} scrapes port {endpoint['port']!r}, which no controller of Flux has"
            yield Finding(place, ID, f"{fact}; their metrics are at {_FLUX_PORTS[0]!r}")


def _named(monitor: Manifest, field: str) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """The endpoints of a monitor that scrape a port by its name, and where they name it."""
    for index, endpoint in enumerate(map(mapping, sequence(monitor.get("spec", field)))):
        port = dig(endpoint, "port")
        if isinstance(port, str) and port and not is_variable(port) and not is_of_mesh(port):
            yield monitor.place("spec", field, index, "port"), endpoint


def _is_for_flux(monitor: Manifest) -> bool:
    """Tell whether a monitor selects controllers of Flux alone, in their own namespace."""
    names = sequence(monitor.get("spec", "namespaceSelector", "matchNames")) or [monitor.namespace]
    selector = mapping(monitor.get("spec", "selector"))
    asked = [[value] for key, value in mapping(selector.get("matchLabels")).items() if key in _FLUX_LABELS]
    expressions = [mapping(item) for item in sequence(selector.get("matchExpressions"))]
    chosen = (item for item in expressions if item.get("key") in _FLUX_LABELS and item.get("operator") == "In")
    asked += [sequence(item.get("values")) for item in chosen]
    return names == ["flux-system"] and any(values and all(v in _FLUX for v in values) for values in asked)
