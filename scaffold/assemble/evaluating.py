"""Who evaluates the rules of Prometheus here: Prometheus, or VictoriaMetrics, whose language has more in it."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import applications
from scaffold.model import Manifest, Repository, dig, sequence
from scaffold.model.values import text

_VICTORIA = ("operator.victoriametrics.com", "VMAlert")
_PROMETHEUS = ("monitoring.coreos.com", "Prometheus")
_VICTORIA_CHARTS = frozenset(("victoria-metrics-alert", "victoria-metrics-k8s-stack"))
_PROMETHEUS_CHARTS = frozenset(
    ("kube-prometheus", "kube-prometheus-stack", "prometheus", "prometheus-operator", "rancher-monitoring")
)


def is_victoria_alone(repository: Repository, found: applications.Found) -> bool:
    """Tell whether VictoriaMetrics does, and nothing here brings a Prometheus."""
    kinds = {(head.group, head.kind) for file in repository.files.values() for head in file.heads}
    charts = {name.rpartition("/")[2] for name in _charts(repository, found)}
    victoria = _VICTORIA in kinds or not charts.isdisjoint(_VICTORIA_CHARTS)
    return victoria and _PROMETHEUS not in kinds and charts.isdisjoint(_PROMETHEUS_CHARTS)


def _charts(repository: Repository, found: applications.Found) -> Iterator[str]:
    """The charts that anything here installs, or is made of; that of an OCI repository is what its address ends in."""
    yield from (source.chart for each in found.applications for source in each.sources)
    yield from (source.chart for each in found.sets for draft in each.drafts for source in draft.sources)
    yield from (_name(m, "spec", "chart", "spec", "chart") for m in repository.manifests(f"{_HELM}/HelmRelease"))
    yield from (_name(m, "spec", "url") for m in repository.manifests(f"{_SOURCE}/OCIRepository"))
    for item in repository.kustomizations.values():
        yield from (text(dig(chart, "name")) for chart in sequence(item.manifest.get("helmCharts")))
    for file in (f for path, f in repository.files.items() if path.endswith("Chart.yaml")):
        for data in file.documents or ():
            yield from (text(dig(item, "name")) for item in sequence(dig(data, "dependencies")))


_HELM, _SOURCE = "helm.toolkit.fluxcd.io", "source.toolkit.fluxcd.io"


def _name(manifest: Manifest, *pointer: str) -> str:
    return text(manifest.get(*pointer)).rstrip("/")
