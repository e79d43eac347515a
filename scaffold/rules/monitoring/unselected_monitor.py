"""No Prometheus that stands beside a monitor or a rule of the operator selects it.

Nothing complains: it is accepted, and never scraped or evaluated. A selector that is missing selects nothing, an empty
one everything; without a selector of namespaces only the own namespace counts (Prometheus operator 0.9x). Looked at are
overlays that render a Prometheus, a PrometheusAgent or a ThanosRuler themselves.

Fails:

    # all.yaml
    apiVersion: monitoring.coreos.com/v1
    kind: Prometheus
    metadata:
      name: main
      namespace: monitoring
    spec:
      serviceMonitorSelector:
        matchLabels:
          release: main
    ---
    apiVersion: monitoring.coreos.com/v1
    kind: ServiceMonitor
    metadata:
      name: web
      namespace: monitoring
    spec:
      selector:
        matchLabels:
          app: web
      endpoints:
        - port: metrics

Passes:

    # all.yaml
    apiVersion: monitoring.coreos.com/v1
    kind: Prometheus
    metadata:
      name: main
      namespace: monitoring
    spec:
      serviceMonitorSelector:
        matchLabels:
          release: main
    ---
    apiVersion: monitoring.coreos.com/v1
    kind: ServiceMonitor
    metadata:
      name: web
      namespace: monitoring
      labels:
        release: main
    spec:
      selector:
        matchLabels:
          app: web
      endpoints:
        - port: metrics
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Confidence, Finding, Manifest, Repository, Severity
from scaffold.rules import monitored

ID = "unselected-monitor"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_GROUP = "monitoring.coreos.com"
_FIELDS = {
    "PodMonitor": "podMonitor",
    "Probe": "probe",
    "PrometheusRule": "rule",
    "ScrapeConfig": "scrapeConfig",
    "ServiceMonitor": "serviceMonitor",
}
_SERVERS = dict.fromkeys(_FIELDS, ("Prometheus", "PrometheusAgent")) | {
    "PrometheusRule": ("Prometheus", "ThanosRuler"),
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every object that none of the servers rendered beside it selects."""
    for overlay in repository.overlays.values():
        for kind, field in _FIELDS.items():
            servers = list(overlay.of(*(f"{_GROUP}/{server}" for server in _SERVERS[kind])))
            for manifest in overlay.of(f"{_GROUP}/{kind}") if servers else ():
                if not any(monitored.selects(server, field, manifest, overlay) for server in servers):
                    yield _finding(manifest, servers, f"{field}Selector")


def _finding(manifest: Manifest, servers: list[Manifest], field: str) -> Finding:
    named = f"{servers[0].kind} {servers[0].name!r}" if len(servers) == 1 else f"any of {len(servers)} servers"
    fact = f"{manifest.kind} {manifest.name!r} is not selected by {named} beside it"
    place = manifest.place("metadata", "labels", at_key=True)
    message = f"{fact}; give it labels that {field!r} asks for, in a namespace that counts"
    return Finding(place, ID, message, SEVERITY, Confidence.MEDIUM)
