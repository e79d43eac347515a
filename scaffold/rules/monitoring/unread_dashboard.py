"""A ConfigMap with a dashboard has a label that is not quite the one that the sidecar of Grafana looks for.

The dashboard never appears. Told is a key that differs by its dashes, its case or an `s` alone, and a value other than
the one that is asked for: kube-prometheus-stack asks for `grafana_dashboard: "1"`, the chart of Grafana for the key
alone, if not told otherwise. Known are releases of Flux and applications of Argo CD with the values that stand in them;
where values come from elsewhere, may be patched, or a kustomization adds the label, nothing is said.

Fails:

    # release.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: monitoring
    spec:
      interval: 1h
      chart:
        spec:
          chart: kube-prometheus-stack
          version: 79.5.0
          sourceRef:
            kind: HelmRepository
            name: prometheus-community
            namespace: flux-system
    # dashboard.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-dashboard
      labels:
        grafana-dashboard: "1"
    data:
      web.json: "{}"

Passes:

    # release.yaml
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: monitoring
    spec:
      interval: 1h
      chart:
        spec:
          chart: kube-prometheus-stack
          version: 79.5.0
          sourceRef:
            kind: HelmRepository
            name: prometheus-community
            namespace: flux-system
    # dashboard.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-dashboard
      labels:
        grafana_dashboard: "1"
    data:
      web.json: "{}"
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Finding, Repository, Severity, is_variable
from scaffold.rules import dashboard_sidecars

ID = "unread-dashboard"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every label that nearly is what a sidecar asks for."""
    sidecars = dashboard_sidecars.known(repository)
    added = dashboard_sidecars.added(repository)
    if not sidecars or any(sidecar.label in added for sidecar in sidecars):
        return
    for item in dashboard_sidecars.dashboards(repository):
        if any(sidecar.reads(item.labels) for sidecar in sidecars) or any(map(is_variable, item.labels.values())):
            continue
        missed = ((one, key) for one in sidecars for key in item.labels if _plain(key) == _plain(one.label))
        for sidecar, key in list(missed)[:1]:
            fact = f"ConfigMap {item.name!r} has label '{key}={item.labels[key]}', but Grafana's sidecar ({{0}}) reads"
            message = f"{fact} what has '{sidecar}'; label it so"
            subject = f"{item.name}/{key}"
            yield Finding(item.places[key], ID, message, SEVERITY, subject=subject, related=(sidecar.place,))


def _plain(key: str) -> str:
    return key.lower().replace("-", "").replace("_", "").removesuffix("s")
