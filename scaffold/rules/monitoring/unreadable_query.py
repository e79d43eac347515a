"""A rule of Prometheus has an expression that is no PromQL.

The operator leaves the whole PrometheusRule out, or its webhook refuses it: every alert in it is silent. The expression
is parsed by the grammar of Prometheus; where objects of VictoriaMetrics are rendered beside it, which knows more
functions, nothing is said of unknown ones. Where VictoriaMetrics alone evaluates the rules of the repository, only
brackets and quotes that do not close are reported, since its language has more in it than that of Prometheus.

Fails:

    # rule.yaml
    apiVersion: monitoring.coreos.com/v1
    kind: PrometheusRule
    metadata:
      name: web
    spec:
      groups:
        - name: web
          rules:
            - alert: WebErrors
              expr: sum(rate(http_requests_total{code=~"5.."}[5m]) > 1

Passes:

    # rule.yaml
    apiVersion: monitoring.coreos.com/v1
    kind: PrometheusRule
    metadata:
      name: web
    spec:
      groups:
        - name: web
          rules:
            - alert: WebErrors
              expr: sum(rate(http_requests_total{code=~"5.."}[5m])) > 1
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.expand import promql
from scaffold.model import Finding, Overlay, Repository, Severity, is_variable
from scaffold.rules.alerting import rules

ID = "unreadable-query"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every expression that cannot be parsed."""
    for overlay in repository.overlays.values():
        for rule in rules(overlay):
            expression = rule.data.get("expr")
            if not isinstance(expression, str) or not expression.strip() or is_variable(expression):
                continue
            problem = promql.problem(expression)
            if problem and not _may_be_read(repository, overlay, problem):
                message = f"{rule}, expression is no PromQL: {problem}; mend it"
                yield Finding(rule.place("expr"), ID, message, subject=rule.subject)


def _may_be_read(repository: Repository, overlay: Overlay, problem: str) -> bool:
    """Tell whether VictoriaMetrics reads what Prometheus does not."""
    if repository.conventions.metricsql:
        return not problem.startswith(("unclosed", "unexpected right", "unterminated"))
    return problem.startswith("unknown function") and _has_more_functions(overlay)


def _has_more_functions(overlay: Overlay) -> bool:
    return any(manifest.group == "operator.victoriametrics.com" for manifest in overlay.manifests)
