"""A scrape may take longer than the time until the next one.

The operator of Prometheus rejects the whole monitor, and none of its endpoints is scraped (0.92). Compared is what one
object says of both; without an interval that of each Prometheus counts.

Fails:

    # monitor.yaml
    apiVersion: monitoring.coreos.com/v1
    kind: PodMonitor
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      podMetricsEndpoints:
        - port: metrics
          interval: 15s
          scrapeTimeout: 20s

Passes:

    # monitor.yaml
    apiVersion: monitoring.coreos.com/v1
    kind: PodMonitor
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      podMetricsEndpoints:
        - port: metrics
          interval: 15s
          scrapeTimeout: 15s
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.expand import promql
from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, mapping, sequence

ID = "long-scrape-timeout"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_GROUP = "monitoring.coreos.com"
_LISTS = {"PodMonitor": "podMetricsEndpoints", "ServiceMonitor": "endpoints"}
_ALONE = {
    "Probe": ("interval", "scrapeTimeout"),
    "Prometheus": ("scrapeInterval", "scrapeTimeout"),
    "PrometheusAgent": ("scrapeInterval", "scrapeTimeout"),
    "ScrapeConfig": ("scrapeInterval", "scrapeTimeout"),
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every timeout that is above its interval."""
    for overlay in repository.overlays.values():
        for kind, field in _LISTS.items():
            for manifest in overlay.of(f"{_GROUP}/{kind}"):
                for index, endpoint in enumerate(map(mapping, sequence(manifest.get("spec", field)))):
                    fields = ("interval", "scrapeTimeout")
                    yield from _above(manifest, f", endpoint {index}", endpoint, ("spec", field, index), fields)
        for kind, names in _ALONE.items():
            for manifest in overlay.of(f"{_GROUP}/{kind}"):
                yield from _above(manifest, "", mapping(manifest.get("spec")), ("spec",), names)


def _above(
    manifest: Manifest, part: str, data: Mapping[str, Any], where: Pointer, fields: tuple[str, str]
) -> Iterator[Finding]:
    interval, timeout = (data.get(field) for field in fields)
    least, most = _seconds(timeout), _seconds(interval)
    if least is not None and most is not None and least > most > 0:
        fact = f"{manifest.kind} {manifest.name!r}{part}, {fields[1]} {timeout} is above {fields[0]} {interval}"
        message = f"{fact}, so the operator rejects it; lower the one, or raise the other"
        yield Finding(manifest.place(*where, fields[1]), ID, message, subject=f"{manifest.name}{part}")


def _seconds(value: object) -> float | None:
    return promql.seconds(value) if isinstance(value, str) else None
