"""An AlertmanagerConfig is one that the operator of Prometheus rejects.

A route names a receiver or an interval of time that the same object does not define, or a range of times does not end
after it starts; one over midnight is two ranges. Its schema takes it, and none of its routes gets to the Alertmanager
(0.92).

Fails:

    # config.yaml
    apiVersion: monitoring.coreos.com/v1alpha1
    kind: AlertmanagerConfig
    metadata:
      name: web
    spec:
      route:
        receiver: chat
        muteTimeIntervals:
          - weekend
      receivers:
        - name: chat
      muteTimeIntervals:
        - name: weekends
          timeIntervals:
            - weekdays:
                - saturday
                - sunday

Passes:

    # config.yaml
    apiVersion: monitoring.coreos.com/v1alpha1
    kind: AlertmanagerConfig
    metadata:
      name: web
    spec:
      route:
        receiver: chat
        muteTimeIntervals:
          - weekends
      receivers:
        - name: chat
      muteTimeIntervals:
        - name: weekends
          timeIntervals:
            - weekdays:
                - saturday
                - sunday
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, is_variable, mapping, sequence
from scaffold.nearest import hint

ID = "refused-alert-route"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_DEFINED = ("muteTimeIntervals", "timeIntervals")  # of v1alpha1 and of v1beta1
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every name of a route that is not defined, and every range of times that does not end."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of("monitoring.coreos.com/AlertmanagerConfig"):
            yield from _of_route(manifest, ("spec", "route"))
            yield from _endless(manifest)


def _of_route(manifest: Manifest, where: Pointer) -> Iterator[Finding]:
    """Yield what a route and those below it name, and nobody defines."""
    route = mapping(manifest.get(*where))
    if route.get("receiver"):
        yield from _undefined(manifest, "receiver", route["receiver"], (*where, "receiver"), ("receivers",))
    for field in ("muteTimeIntervals", "activeTimeIntervals"):
        for index, name in enumerate(sequence(route.get(field))):
            yield from _undefined(manifest, "time interval", name, (*where, field, index), _DEFINED)
    for index, _ in enumerate(sequence(route.get("routes"))):
        yield from _of_route(manifest, (*where, "routes", index))


def _undefined(
    manifest: Manifest, noun: str, name: object, where: Pointer, fields: tuple[str, ...]
) -> Iterator[Finding]:
    known = {str(item.get("name")) for field in fields for item in _items(manifest, "spec", field)}
    if isinstance(name, str) and name not in known and not any(map(is_variable, (name, *known))):
        fact = f"AlertmanagerConfig {manifest.name!r} has a route with {noun} {name!r}, which it does not define"
        yield Finding(manifest.place(*where), ID, f"{fact}, so the operator rejects it; {hint(name, known)}")


def _items(manifest: Manifest, *pointer: str | int) -> list[Mapping[str, Any]]:
    return [mapping(item) for item in sequence(manifest.get(*pointer))]


def _endless(manifest: Manifest) -> Iterator[Finding]:
    for field in _DEFINED:
        for number, named in enumerate(_items(manifest, "spec", field)):
            for index, _ in enumerate(sequence(named.get("timeIntervals"))):
                where = ("spec", field, number, "timeIntervals", index, "times")
                for at, times in enumerate(_items(manifest, *where)):
                    yield from _backwards(manifest, str(named.get("name")), times, (*where, at))


def _backwards(manifest: Manifest, name: str, times: Mapping[str, Any], where: Pointer) -> Iterator[Finding]:
    start, end = (times.get(field) for field in ("startTime", "endTime"))
    if _is_time(start) and _is_time(end) and str(start) >= str(end):
        fact = f"AlertmanagerConfig {manifest.name!r}, time interval {name!r} has endTime {end!r} not after startTime"
        message = f"{fact} {start!r}, so the operator rejects it; write a range up to '24:00', and one from '00:00'"
        yield Finding(manifest.place(*where, "endTime"), ID, message)


def _is_time(value: object) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None
