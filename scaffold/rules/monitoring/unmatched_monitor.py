"""A ServiceMonitor or a PodMonitor selects nothing, and was written for what stands beside it.

It is accepted, and nothing is scraped. Reported is one that selects no Service or pod of its overlay while the one of
the same name, or one whose label is almost the same, differs from it, or while a Service with the port that it scrapes
has the value that it asks for under another key, and none has its key. So is one that has no `namespaceSelector` and
looks into its own namespace alone, while all that fits it, with the port that it scrapes, is in other ones.

Fails:

    # all.yaml
    apiVersion: monitoring.coreos.com/v1
    kind: ServiceMonitor
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: wbe
      endpoints:
        - port: metrics
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      labels:
        app: web
    spec:
      clusterIP: None
      ports:
        - name: metrics
          port: 9090

Passes:

    # all.yaml
    apiVersion: monitoring.coreos.com/v1
    kind: ServiceMonitor
    metadata:
      name: web
    spec:
      selector:
        matchLabels:
          app: web
      endpoints:
        - port: metrics
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      labels:
        app: web
    spec:
      clusterIP: None
      ports:
        - name: metrics
          port: 9090
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Finding, Manifest, Overlay, Repository, Severity, dig, is_variable, mapping, sequence
from scaffold.nearest import slipped
from scaffold.rules import monitored, selecting

ID = "unmatched-monitor"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_RELEASE = "helm.toolkit.fluxcd.io/HelmRelease"
_CHARTS = (_RELEASE, "argoproj.io/Application", "helm.cattle.io/HelmChart")  # which make what is not seen here
_SHOWN = 3


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every monitor that selects nothing where it is clear what it was written for."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of(monitored.PODS) if overlay.pods else ():
            selector = mapping(manifest.get("spec", "selector"))
            missed = selecting.unmatched(overlay, manifest, selector) if not monitored.is_elsewhere(manifest) else None
            if missed:
                yield Finding(manifest.place("spec", "selector", *missed[0]), ID, missed[1])
            elif not selecting.selected(overlay, manifest, selector):
                yield from _astray(overlay, manifest)
        for manifest in overlay.of(monitored.SERVICES):
            yield from _missed(overlay, manifest)


def _missed(overlay: Overlay, monitor: Manifest) -> Iterator[Finding]:
    selector = mapping(monitor.get("spec", "selector"))
    if monitored.is_elsewhere(monitor) or list(monitored.services(overlay, monitor)):
        return
    beside = [service for service in overlay.of("/Service") if service.namespace == monitor.namespace]
    own = next((service for service in beside if service.name == monitor.name), None) or _slipped(selector, beside)
    if own is None and not any(overlay.of(_RELEASE)):
        own = _keyed(monitor, beside)
    key = _difference(selector, own) if own else ""
    if not key:
        yield from _astray(overlay, monitor)
    elif own:
        has = mapping(own.metadata.get("labels")).get(key)
        asked = f"ServiceMonitor {monitor.name!r} selects label {key!r} with {selector['matchLabels'][key]!r}"
        what = f"{has!r}" if has is not None else "no such label"
        message = f"{asked}, but no Service has it: Service {own.name!r} has {what}; select a label that it has"
        yield Finding(monitor.place("spec", "selector", "matchLabels", key), ID, message)


def _astray(overlay: Overlay, monitor: Manifest) -> Iterator[Finding]:
    """A monitor that looks into its own namespace alone, where nothing fits; all that does is in others."""
    told, home = monitor.get("spec", "namespaceSelector"), monitor.namespace
    if told or not home or not monitor.get("spec", "selector") or any(overlay.of(*_CHARTS)):
        return
    found = list(monitored.fitting(overlay, monitor))
    if not found or any(item.namespace in ("", home) or is_variable(f"{item.namespace}{home}") for item in found):
        return
    where = sorted({item.namespace for item in found})
    fact = f"{monitor.kind} {monitor.name!r} looks into its own namespace {home!r} alone, where nothing fits it"
    names = ", ".join(map(repr, where[:_SHOWN]))
    message = (
        f"{fact}: {found[0].kind} {found[0].name!r} is in {found[0].namespace!r}; name {names} in namespaceSelector"
    )
    yield Finding(monitor.place("spec", "namespaceSelector"), ID, message)


def _slipped(selector: Mapping[str, Any], services: list[Manifest]) -> Manifest | None:
    """The only Service that has a letter of one label otherwise, and all others as they are asked for."""
    wanted = mapping(selector.get("matchLabels"))
    keys = ((service, _difference(selector, service)) for service in services)
    has = ((service, key, str(mapping(service.metadata.get("labels")).get(key, ""))) for service, key in keys if key)
    found = [service for service, key, value in has if slipped(str(wanted[key]), [value])]
    return found[0] if len(found) == 1 else None


def _keyed(monitor: Manifest, services: list[Manifest]) -> Manifest | None:
    """The Service that has the only value that is asked for, and the port, where none has the key."""
    asked = mapping(monitor.get("spec", "selector", "matchLabels"))
    labelled = [(service, mapping(service.metadata.get("labels"))) for service in services]
    if len(asked) != 1 or any(set(asked) & set(labels) for _, labels in labelled):
        return None
    (value,) = asked.values()
    ports = {dig(endpoint, "port") for endpoint in sequence(monitor.get("spec", "endpoints"))}
    found = (service for service, labels in labelled if value in labels.values())
    return next((s for s in found if ports & {dig(port, "name") for port in sequence(s.get("spec", "ports"))}), None)


def _difference(selector: Mapping[str, Any], service: Manifest) -> str:
    """The only label of a selector that a Service has otherwise."""
    wanted, labels = mapping(selector.get("matchLabels")), mapping(service.metadata.get("labels"))
    missing = [key for key, value in wanted.items() if labels.get(key) != value]
    return missing[0] if len(missing) == 1 and not selector.get("matchExpressions") else ""
