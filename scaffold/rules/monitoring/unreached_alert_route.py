"""A route of an AlertmanagerConfig gets no alert, since one before it, or the one above, leaves it none.

An alert goes to the first route of a list that matches it, and on to later ones only where that says `continue: true`
(Alertmanager 0.28). Compared is what matchers let through, value by value where these can be counted; regular
expressions that cannot be told, and routes with variables, are passed over. So is a route to the same receiver.

Fails:

    # config.yaml
    apiVersion: monitoring.coreos.com/v1alpha1
    kind: AlertmanagerConfig
    metadata:
      name: web
    spec:
      route:
        receiver: archive
        routes:
          - receiver: chat
            matchers:
              - name: severity
                matchType: "=~"
                value: warning|critical
          - receiver: pager
            matchers:
              - name: severity
                value: critical
      receivers:
        - name: archive
        - name: chat
        - name: pager

Passes:

    # config.yaml
    apiVersion: monitoring.coreos.com/v1alpha1
    kind: AlertmanagerConfig
    metadata:
      name: web
    spec:
      route:
        receiver: archive
        routes:
          - receiver: pager
            matchers:
              - name: severity
                value: critical
          - receiver: chat
            matchers:
              - name: severity
                matchType: "=~"
                value: warning|critical
      receivers:
        - name: archive
        - name: chat
        - name: pager
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.expand import alert_routes
from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, mapping
from scaffold.rules import routed

ID = "unreached-alert-route"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_KINDS = ("monitoring.coreos.com/AlertmanagerConfig", "operator.victoriametrics.com/VMAlertmanagerConfig")
_ROUTE: Pointer = ("spec", "route")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every route that no alert gets to."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of(*_KINDS):
            yield from _of(manifest)


def _of(manifest: Manifest) -> Iterator[Finding]:
    route = mapping(manifest.get(*_ROUTE))
    # The operator puts a matcher of its own in the place of those for namespaces, where it is not told otherwise.
    above = tuple(item for item in alert_routes.matchers(route) or () if item.name != "namespace")
    for lost in routed.unreached(route, _ROUTE, above):
        where = "/".join(str(part) for part in lost.pointer if isinstance(part, int))
        message = f"{manifest.kind} {manifest.name!r}, {lost.fact()}"
        yield Finding(manifest.place(*lost.pointer), ID, message, SEVERITY, subject=f"{manifest.name}/{where}")
