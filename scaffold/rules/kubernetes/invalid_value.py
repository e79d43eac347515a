"""A field has a value that is not among those that the API server accepts.

The schemas of built-in kinds call these fields plain text; the values stand in the server's code, and upper and lower
case differ. A controller that cannot read a duration reads none of the objects of that kind. A Gateway listens with no
protocol that is unknown; those that only one controller has begin with a domain. What a NetworkPolicy leaves out of a
block of addresses is within that block, and less than all of it.

Fails:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          imagePullPolicy: IfNotPresnt

Passes:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          imagePullPolicy: IfNotPresent
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scaffold.expand.address_blocks import is_part
from scaffold.expand.flux.durations import seconds
from scaffold.expand.schedules import duration_flaw
from scaffold.model import (
    Finding,
    Manifest,
    Pod,
    Pointer,
    Repository,
    Severity,
    is_variable,
    mapping,
    sequence,
)
from scaffold.nearest import near
from scaffold.rules.listed import ANY, CONTAINER, KINDS, OWN, POD, Table, values

ID = "invalid-value"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
# Plain text to the API server, and read by their controllers as Go reads it.
_DURATIONS: Mapping[str, tuple[Pointer, ...]] = {
    "cert-manager.io/Certificate": (("spec", "duration"), ("spec", "renewBefore")),
    "external-secrets.io/ExternalSecret": (("spec", "refreshInterval"),),
    "external-secrets.io/PushSecret": (("spec", "refreshInterval"),),
}

_LASTING = "2160h"  # where a Certificate does not say
_HOUR, _SOON = 3600, 300


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every value that is not in its list."""
    for overlay in repository.overlays.values():
        for kind, table in KINDS.items():
            for manifest in overlay.of(kind):
                subject = f"{manifest.kind} {manifest.name!r}"
                yield from _refused(manifest, subject, manifest.data, (), table)
        for kind, pointers in _DURATIONS.items():
            for manifest in overlay.of(kind):
                yield from _unreadable(manifest, pointers)
        for policy in overlay.of("networking.k8s.io/NetworkPolicy"):
            yield from _outside(policy)
        for certificate in overlay.of("cert-manager.io/Certificate"):
            if not overlay.is_partial(certificate.path):
                yield from _untimely(certificate)
        for pod in overlay.pods:
            yield from _of_pod(pod)


def _outside(policy: Manifest) -> Iterator[Finding]:
    """Yield what a policy leaves out of a block of addresses that does not hold it."""
    for pointer, block in _blocks(policy):
        for index, left_out in enumerate(sequence(block.get("except"))):
            if is_part(left_out, block.get("cidr")) is False:
                fact = f"NetworkPolicy {policy.name!r}, except {left_out!r} is no part of cidr {block['cidr']!r}"
                message = f"{fact}, and is refused; write a block within it"
                yield Finding(policy.place(*pointer, "except", index), ID, message)


def _untimely(certificate: Manifest) -> Iterator[Finding]:
    """Yield the time that a certificate lasts, or is renewed before its end, where that cannot be."""
    lasts, before = (certificate.get("spec", field) for field in ("duration", "renewBefore"))
    whole, rest = (seconds(value) if isinstance(value, str) else None for value in (lasts or _LASTING, before))
    facts = (
        ("duration", whole is not None and whole < _HOUR, f"{lasts!r} is less than an hour", "write a longer one"),
        ("renewBefore", rest is not None and rest < _SOON, f"{before!r} is less than 5m", "write a longer one"),
        (
            "renewBefore",
            whole is not None and rest is not None and rest >= whole,
            f"{before!r} is not less than duration {lasts!r}" if lasts else f"{before!r} is not less than 90 days",
            "shorten it" if lasts else "shorten it, or write a longer duration",
        ),
    )
    for field, holds, fact, remedy in facts:
        if holds:
            message = f"Certificate {certificate.name!r}, {field} {fact}, and is refused; {remedy}"
            yield Finding(certificate.place("spec", field), ID, message)


def _blocks(policy: Manifest) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    for way, peers in (("ingress", "from"), ("egress", "to")):
        for pointer, block in values(policy.data, ("spec", way, ANY, peers, ANY, "ipBlock")):
            yield pointer, mapping(block)


def _unreadable(manifest: Manifest, pointers: Iterable[Pointer]) -> Iterator[Finding]:
    for pointer in pointers:
        value = manifest.get(*pointer)
        flaw = duration_flaw(value) if isinstance(value, str) and not is_variable(value) else ""
        if flaw:
            fact = f"{manifest.kind} {manifest.name!r}, {pointer[-1]} {value!r} is no duration, {flaw}"
            yield Finding(manifest.place(*pointer), ID, f"{fact}; write one such as 1h30m")


def _of_pod(pod: Pod) -> Iterator[Finding]:
    subject = f"{pod.manifest.kind} {pod.manifest.name!r}"
    yield from _refused(pod.manifest, subject, pod.spec, (*pod.template, "spec"), POD)
    for container in pod.containers:
        yield from _refused(pod.manifest, pod.named(container), container.data, container.pointer, CONTAINER)


def _refused(
    manifest: Manifest, subject: str, data: Mapping[str, Any], where: Pointer, table: Table
) -> Iterator[Finding]:
    for path, accepted in table.items():
        if path[0] not in data:
            continue
        for pointer, value in values(data, path):
            if isinstance(value, str) and not _is_accepted(value, accepted):
                field = path[-2] if path[-1] == ANY else path[-1]
                message = f"{subject}, {field} {value!r} is not accepted; {_remedy(value, accepted)}"
                yield Finding(manifest.place(*where, *pointer), ID, message)


def _is_accepted(value: str, accepted: tuple[str, ...]) -> bool:
    return value in accepted or is_variable(value) or (OWN in accepted and not set(OWN).isdisjoint(value))


def _remedy(value: str, accepted: tuple[str, ...]) -> str:
    words = [one for one in accepted if one not in ("", OWN)]
    guess = near(value.lower(), [one.lower() for one in words])
    meant = next((one for one in words if one.lower() == guess), "")
    return f"did you mean {meant!r}?" if meant else f"use {' or '.join(words)}"
