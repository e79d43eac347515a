"""A rule of Prometheus asks for a quantile that no value has.

A quantile is a number from 0 to 1: above it the result is +Inf, below it -Inf, and what it is compared with does not
matter. `histogram_quantile` reads the bounds of classic buckets from the label `le`; aggregated without it, they give
nothing, and an alert never fires.

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
            - alert: WebIsSlow
              expr: histogram_quantile(95, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 2

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
            - alert: WebIsSlow
              expr: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 2
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.expand import promql
from scaffold.model import Finding, Repository, Severity, is_variable
from scaffold.rules.alerting import rules

ID = "void-quantile"
SEVERITY = Severity.WARNING
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every quantile out of range, and every one of buckets without their bounds."""
    for overlay in repository.overlays.values():
        for rule in rules(overlay):
            expression = rule.data.get("expr")
            if isinstance(expression, str) and "quantile" in expression and not is_variable(expression):
                for quantile in promql.quantiles(expression):
                    for flaw in _flaws(quantile):
                        yield Finding(rule.place("expr"), ID, f"{rule}, {flaw}", SEVERITY, subject=rule.subject)


def _flaws(quantile: promql.Quantile) -> Iterator[str]:
    level = quantile.level
    if level is not None and not 0 <= level <= 1:
        infinity = "+Inf" if level > 1 else "-Inf"
        meant = f"write {level / 100:g}" if 1 < level <= 100 else "write a number from 0 to 1"
        yield f"{quantile.function} of {level:g} is always {infinity}; {meant}"
    if quantile.aggregation:
        fact = f"histogram_quantile gives nothing, as {quantile.aggregation} drops the label 'le' of its buckets"
        yield f"{fact}; aggregate by 'le' as well"
