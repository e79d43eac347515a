"""A rule of Prometheus asks for a metric that its program has no longer.

There is no such series, so that an alert never fires. Known are those that Argo CD 3.0, Flux 2.5 and kube-state-metrics
2.0 took away, each of which is gone for years or was off by default before. A rule beside it that records a series of
that name, a configuration by which kube-state-metrics makes it, a kube-state-metrics 1 among the objects, `or`,
`unless` and `absent` in the expression, and kinds that are not of Flux itself, keep it silent.

Fails:

    # rule.yaml
    apiVersion: monitoring.coreos.com/v1
    kind: PrometheusRule
    metadata:
      name: argocd
    spec:
      groups:
        - name: argocd
          rules:
            - alert: OutOfSync
              expr: argocd_app_sync_status{sync_status="OutOfSync"} > 0

Passes:

    # rule.yaml
    apiVersion: monitoring.coreos.com/v1
    kind: PrometheusRule
    metadata:
      name: argocd
    spec:
      groups:
        - name: argocd
          rules:
            - alert: OutOfSync
              expr: argocd_app_info{sync_status="OutOfSync"} > 0
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from scaffold.expand import promql
from scaffold.model import Confidence, Finding, Image, Overlay, Repository, Severity, is_variable
from scaffold.model.values import text
from scaffold.rules.alerting import KIND, AlertingRule, rules

ID = "removed-metric"
SEVERITY = Severity.WARNING
SCOPE = "overlay"
_ARGOCD, _FLUX, _STATE = "Argo CD has not had since 3.0", "Flux has not had since 2.5", "kube-state-metrics"
_REMOVED: Mapping[str, tuple[str, str]] = {
    "argocd_app_created_time": (_ARGOCD, "ask for another one"),
    "argocd_app_health_status": (_ARGOCD, "ask for 'argocd_app_info' by its label 'health_status'"),
    "argocd_app_sync_status": (_ARGOCD, "ask for 'argocd_app_info' by its label 'sync_status'"),
    "gotk_reconcile_condition": (_FLUX, "have kube-state-metrics make 'gotk_resource_info', with label 'ready'"),
    "gotk_suspend_status": (_FLUX, "have kube-state-metrics make 'gotk_resource_info', with label 'suspended'"),
}
_OLD = re.compile(r"v?[01]\.")  # a tag of kube-state-metrics before 2.0
_PREFIX = "metricNamePrefix"  # by which kube-state-metrics makes a metric of any name
_RESOURCES = {"cpu_cores": "cpu", "memory_bytes": "memory", "pods": "pods"}
_BY_RESOURCE = (
    "kube_node_status_allocatable",
    "kube_node_status_capacity",
    "kube_pod_container_resource_limits",
    "kube_pod_container_resource_requests",
)
_OF_FLUX = frozenset(
    """
    Bucket GitRepository HelmChart HelmRelease HelmRepository ImagePolicy ImageRepository ImageUpdateAutomation
    Kustomization OCIRepository Receiver
    """.split()
)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every expression that asks for a metric that is gone."""
    for overlay in repository.overlays.values():
        every = list(rules(overlay))
        recorded = {text(rule.data.get("record")) for rule in every}
        found = [each for rule in every for each in _of(rule, recorded)]
        made = _made(overlay, {metric for metric, _ in found}) if found else frozenset()
        old = bool(found) and _has_old_state_metrics(overlay)
        yield from (finding for metric, finding in found if metric not in made and (metric in _REMOVED or not old))


def _made(overlay: Overlay, metrics: Collection[str]) -> frozenset[str]:
    """The metrics that a configuration of kube-state-metrics makes: a name with a prefix, in an object or its text."""
    told = [str(manifest.data) for manifest in overlay.manifests if f"{manifest.group}/{manifest.kind}" != KIND]
    names = {metric: metric.partition("_") for metric in metrics}
    return frozenset(
        metric
        for metric, (prefix, _, name) in names.items()
        if any(_PREFIX in each and prefix in each and name in each for each in told)
    )


def _has_old_state_metrics(overlay: Overlay) -> bool:
    """Tell whether a kube-state-metrics runs that is older than 2.0, and has what that took away."""
    texts = (container.get("image") for manifest in overlay.manifests for _, container in manifest.containers())
    images = [Image.of(text) for text in texts if isinstance(text, str)]
    return any(image.name.rpartition("/")[2] == _STATE and _OLD.match(image.tag) for image in images)


def _of(rule: AlertingRule, recorded: set[str]) -> Iterator[tuple[str, Finding]]:
    expression = rule.data.get("expr")
    if not isinstance(expression, str) or is_variable(expression):
        return
    asked = promql.selected(expression)
    for metric in dict.fromkeys(item.metric for item in asked.selectors if not asked.choosy and _is_own(item)):
        gone = _gone(metric) if metric not in recorded else None
        if gone:
            message = f"{rule}, expression asks for metric {metric!r}, which {gone[0]}; {gone[1]}"
            subject = f"{rule.subject}/{metric}"
            yield metric, Finding(rule.place("expr"), ID, message, SEVERITY, Confidence.MEDIUM, subject)


def _is_own(item: promql.Selector) -> bool:
    """Tell what is not about a kind of some other program, which may still have the metric, as that for Terraform."""
    asked = (value for label, operator, value in item.matchers if label == "kind" and operator.startswith("="))
    return all(kind.strip("()") in _OF_FLUX for value in asked for kind in value.split("|"))


def _gone(metric: str) -> tuple[str, str] | None:
    """What took a metric away, and what to ask for instead; None where it is not known to be gone."""
    for stem in _BY_RESOURCE:
        resource = _RESOURCES.get(metric.removeprefix(f"{stem}_")) if metric.startswith(stem) else None
        if resource:
            return f"{_STATE} has not had since 2.0", f"ask for '{stem}' by label resource={resource!r}"
    if metric.startswith("kube_hpa_"):
        newer = metric.replace("kube_hpa_", "kube_horizontalpodautoscaler_", 1)
        return f"{_STATE} has not had since 2.0", f"ask for {newer!r}"
    return _REMOVED.get(metric)
