"""A PrometheusRule is one that Prometheus refuses.

Its schema takes it, but the operator then leaves the whole object out (Prometheus 3, `rulefmt`): two groups have one
name, a rule is neither an alert nor a recording or is both, a recording has what only alerts have or braces in its
name, a label is called `__name__`, or the template in a label or an annotation of an alert cannot be read.

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
            - record: web:requests:rate5m
              expr: sum(rate(http_requests_total[5m]))
              for: 10m

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
            - record: web:requests:rate5m
              expr: sum(rate(http_requests_total[5m]))
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scaffold.model import Finding, Manifest, Overlay, Repository, Severity, mapping, sequence
from scaffold.rules import alert_texts
from scaffold.rules.alerting import KIND, AlertingRule, rules

ID = "refused-alert"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_OF_ALERTS = ("annotations", "for", "keep_firing_for")
_TEMPLATED = ("annotations", "labels")
_NO_TIME: tuple[Any, ...] = (None, "", "0", "0s", {})


def check(repository: Repository) -> Iterator[Finding]:
    """Yield what Prometheus refuses of each rule, and every second group of one name."""
    for overlay in repository.overlays.values():
        for rule in rules(overlay):
            yield from _refused(rule)
        yield from _repeated(overlay)


def _refused(rule: AlertingRule) -> Iterator[Finding]:
    for key, fact in _flaws(rule):
        yield Finding(rule.place(*key.split("/"), at_key=True), ID, f"{rule}, {fact}", subject=f"{rule.subject}/{key}")


def _flaws(rule: AlertingRule) -> Iterator[tuple[str, str]]:
    """What is wrong, with the key that it is wrong at."""
    alert, record = rule.data.get("alert"), rule.data.get("record")
    if bool(alert) is bool(record):
        what = "both 'alert' and 'record'; make two rules of it" if alert else "neither 'alert' nor 'record'; add one"
        yield "record", f"has {what}"
    for key in _OF_ALERTS if record else ():
        if rule.data.get(key) not in _NO_TIME:
            yield key, f"has {key!r}, which only an alert may have; remove it"
    if record and not set(str(record)).isdisjoint("{}"):
        yield "record", "has a name with braces; write the labels under 'labels'"
    yield from _texts(rule)
    if "__name__" in mapping(rule.data.get("labels")):
        yield "labels/__name__", "sets the label '__name__', which is the name of the metric; remove it"


def _texts(rule: AlertingRule) -> Iterator[tuple[str, str]]:
    """The templates of an alert that cannot be read; those of a recording are none."""
    for field in _TEMPLATED if rule.data.get("alert") else ():
        for name, value in mapping(rule.data.get(field)).items():
            reason = alert_texts.refusal(value) if isinstance(value, str) else ""
            if reason:
                yield f"{field}/{name}", f"has a template in {name!r} that cannot be read: {reason}; mend it"


def _repeated(overlay: Overlay) -> Iterator[Finding]:
    for manifest in overlay.of(KIND):
        first: dict[str, int] = {}
        for index, group in enumerate(map(mapping, sequence(manifest.get("spec", "groups")))):
            name = str(group.get("name", ""))
            if name and first.setdefault(name, index) != index:
                yield _again(manifest, name, index)


def _again(manifest: Manifest, name: str, index: int) -> Finding:
    message = (
        f"PrometheusRule {manifest.name!r} has a second group {name!r}; give it another name, or put both into one"
    )
    place = manifest.place("spec", "groups", index, "name")
    return Finding(place, ID, message, subject=f"{manifest.name}/{name}")
