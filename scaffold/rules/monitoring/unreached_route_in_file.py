"""A configuration of Alertmanager has a route that gets no alert, since one before it, or the one above, leaves none.

It is the flaw of `unreached-alert-route` in a file of Alertmanager itself, or in values of a chart: whatever has
`receivers` beside a `route` with `routes`. A list in values takes the place of one below it, so that what stands in one
file is the whole list.

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
      values:
        alertmanager:
          config:
            route:
              receiver: chat
              routes:
                - receiver: chat
                  matchers:
                    - severity=~"warning|critical"
                - receiver: pager
                  matchers:
                    - severity="critical"
            receivers:
              - name: chat
              - name: pager

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
      values:
        alertmanager:
          config:
            route:
              receiver: chat
              routes:
                - receiver: pager
                  matchers:
                    - severity="critical"
                - receiver: chat
                  matchers:
                    - severity=~"warning|critical"
            receivers:
              - name: chat
              - name: pager
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Finding, Place, Pointer, Repository, Severity, SourceFile, mapping, sequence
from scaffold.rules import routed

ID = "unreached-route-in-file"
SEVERITY = Severity.ERROR
SCOPE = "file"
_DEPTH = 8  # of values in an Application of several sources, with a chart as a dependency
_OF_OPERATOR = ("AlertmanagerConfig", "VMAlertmanagerConfig")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every route of a configuration that no alert gets to."""
    for file in repository.files.values():
        for number, document in enumerate(file.documents or ()):
            if mapping(document).get("kind") not in _OF_OPERATOR:
                for pointer, config in _configurations(document, (), _DEPTH):
                    yield from _of(file, number, (*pointer, "route"), mapping(config["route"]))


def _configurations(value: object, pointer: Pointer, depth: int) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    data = mapping(value)
    if sequence(mapping(data.get("route")).get("routes")) and isinstance(data.get("receivers"), list):
        yield pointer, data
        return
    for key, inner in data.items() if depth else ():
        if isinstance(inner, Mapping):
            yield from _configurations(inner, (*pointer, key), depth - 1)


def _of(file: SourceFile, number: int, pointer: Pointer, route: Mapping[str, Any]) -> Iterator[Finding]:
    for lost in routed.unreached(route, pointer):
        where = "/".join(str(part) for part in lost.pointer if isinstance(part, int))
        related = tuple(Place(file.path, number, at) for at, _ in lost.by[:1])
        place, message = Place(file.path, number, lost.pointer), f"in Alertmanager's routes, {lost.fact(' ({0})')}"
        yield Finding(place, ID, message, SEVERITY, subject=where, related=related)
