"""A route of an AlertmanagerConfig is for alerts of another namespace than its own.

The operator of Prometheus (0.92) puts a matcher for the namespace of the object on its first route, in the place of any
for a namespace that stands there, so that no alert of another one gets in. It does not where the Alertmanager says
otherwise by `alertmanagerConfigMatcherStrategy`, or has the object as its `alertmanagerConfiguration`. Looked at are
overlays that render the Alertmanager, too.

Fails:

    # all.yaml
    apiVersion: monitoring.coreos.com/v1
    kind: Alertmanager
    metadata:
      name: main
      namespace: monitoring
    spec:
      alertmanagerConfigSelector: {}
    ---
    apiVersion: monitoring.coreos.com/v1alpha1
    kind: AlertmanagerConfig
    metadata:
      name: teams
      namespace: monitoring
    spec:
      route:
        receiver: archive
        routes:
          - receiver: chat
            matchers:
              - name: namespace
                value: shop
      receivers:
        - name: archive
        - name: chat

Passes:

    # all.yaml
    apiVersion: monitoring.coreos.com/v1
    kind: Alertmanager
    metadata:
      name: main
      namespace: monitoring
    spec:
      alertmanagerConfigSelector: {}
      alertmanagerConfigMatcherStrategy:
        type: None
    ---
    apiVersion: monitoring.coreos.com/v1alpha1
    kind: AlertmanagerConfig
    metadata:
      name: teams
      namespace: monitoring
    spec:
      route:
        receiver: archive
        routes:
          - receiver: chat
            matchers:
              - name: namespace
                value: shop
      receivers:
        - name: archive
        - name: chat
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.expand import alert_routes
from scaffold.expand.alert_routes import Matcher
from scaffold.model import Finding, Manifest, Overlay, Pointer, Repository, Severity, is_variable, mapping, sequence
from scaffold.rules import monitored

ID = "foreign-alert-route"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_GROUP = "monitoring.coreos.com"
_STRATEGY = ("spec", "alertmanagerConfigMatcherStrategy", "type")
_LABEL = "namespace"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every route for alerts that the matcher of the operator keeps out."""
    for overlay in repository.overlays.values():
        servers = list(overlay.of(f"{_GROUP}/Alertmanager"))
        for manifest in overlay.of(f"{_GROUP}/AlertmanagerConfig") if servers else ():
            taking = [server for server in servers if _takes(server, manifest, overlay)]
            told = manifest.namespace and not is_variable(manifest.namespace)
            if taking and told and all(_confines(server, manifest) for server in taking):
                own = Matcher(_LABEL, "=", manifest.namespace)
                yield from _kept_out(manifest, taking[0], own, ("spec", "route"))


def _takes(server: Manifest, manifest: Manifest, overlay: Overlay) -> bool:
    whole = server.get("spec", "alertmanagerConfiguration", "name") == manifest.name
    return whole or monitored.selects(server, "alertmanagerConfig", manifest, overlay)


def _confines(server: Manifest, manifest: Manifest) -> bool:
    """Tell whether a server gets only alerts of an object's own namespace to its routes."""
    strategy = server.get(*_STRATEGY)
    if server.get("spec", "alertmanagerConfiguration", "name") == manifest.name:
        return False
    if strategy == "OnNamespaceExceptForAlertmanagerNamespace":
        return bool(server.namespace) and server.namespace != manifest.namespace
    return strategy in (None, "OnNamespace")


def _kept_out(manifest: Manifest, server: Manifest, own: Matcher, where: Pointer) -> Iterator[Finding]:
    route = mapping(manifest.get(*where))
    for index, item in enumerate(sequence(route.get("matchers"))):
        named = alert_routes.matchers({"matchers": [item]}) or ()
        if any(matcher.name == _LABEL and matcher.holds(own.value) is False for matcher in named):
            fact = (
                f"AlertmanagerConfig {manifest.name!r} has a route for alerts with {named[0]}, but the operator gives"
            )
            only = f"it those of its own namespace {own.value!r} alone"
            remedy = f"set {_STRATEGY[1]} of Alertmanager {server.name!r}, or move the route there"
            yield Finding(manifest.place(*where, "matchers", index), ID, f"{fact} {only}; {remedy}", SEVERITY)
            return
    for index, _ in enumerate(sequence(route.get("routes"))):
        yield from _kept_out(manifest, server, own, (*where, "routes", index))
