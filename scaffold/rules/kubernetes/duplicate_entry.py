"""A list holds two entries with the same key.

The API server refuses two containers, volumes or ports of one name, and two mounts on one path. Of two environment
variables of one name it takes the last; Flux and every other server-side apply refuse them.

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
          env:
            - name: MODE
              value: fast
            - name: MODE
              value: safe

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
          env:
            - name: MODE
              value: safe
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from scaffold.model import Container, Finding, Manifest, Pod, Pointer, Repository, Severity, dig, is_variable, sequence

ID = "duplicate-entry"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_REFUSED = "the API server refuses it"
_LAST = "the last one wins, or server-side apply refuses it"
_Entries = Iterable[tuple[Any, Pointer]]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every entry whose key an earlier one has."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            yield from _of_pod(pod)
        for service in overlay.of("/Service"):
            ports = list(_entries(service.get("spec", "ports"), ("spec", "ports")))
            name = f"Service {service.name!r}"
            yield from _twice(service, f"{name}, port name", _keyed(ports, lambda p: dig(p, "name")), _REFUSED)
            yield from _twice(service, f"{name}, port", _keyed(ports, _port), _REFUSED)


def _of_pod(pod: Pod) -> Iterator[Finding]:
    manifest, spec = pod.manifest, (*pod.template, "spec")
    name = f"{manifest.kind} {manifest.name!r}"
    containers = [(c.name or None, (*c.pointer, "name")) for c in pod.containers]
    yield from _twice(manifest, f"{name}, container", containers, _REFUSED)
    volumes = _entries(pod.spec.get("volumes"), (*spec, "volumes"))
    yield from _twice(manifest, f"{name}, volume", _keyed(volumes, lambda v: dig(v, "name")), _REFUSED)
    for container in pod.containers:
        yield from _of_container(pod, container)


def _of_container(pod: Pod, container: Container) -> Iterator[Finding]:
    name, manifest = pod.named(container), pod.manifest
    for field, noun, key, fact in _LISTS:
        if field in container.data:
            entries = _entries(container.data.get(field), (*container.pointer, field))
            yield from _twice(manifest, f"{name}, {noun}", _keyed(entries, key), fact)


def _entries(items: Any, pointer: Pointer) -> _Entries:
    return ((item, (*pointer, index)) for index, item in enumerate(sequence(items)))


def _keyed(entries: _Entries, key: Callable[[Any], Any]) -> _Entries:
    return ((key(item), pointer) for item, pointer in entries)


def _port(item: Any) -> str | None:
    """A port is told from others by its number and its protocol."""
    number = dig(item, "port") or dig(item, "containerPort")
    return f"{number}/{dig(item, 'protocol') or 'TCP'}" if isinstance(number, int) else None


_LISTS: tuple[tuple[str, str, Callable[[Any], Any], str], ...] = (
    ("env", "variable", lambda item: dig(item, "name"), _LAST),
    ("ports", "port name", lambda item: dig(item, "name"), _REFUSED),
    ("ports", "port", _port, "server-side apply refuses it"),
    ("volumeMounts", "mount path", lambda item: dig(item, "mountPath"), _REFUSED),
)


def _twice(manifest: Manifest, subject: str, entries: _Entries, fact: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for key, pointer in entries:
        if not isinstance(key, str) or not key or is_variable(key):
            continue
        if key in seen:
            message = f"{subject} {key!r} is there twice, and {fact}; remove one of the two"
            yield Finding(manifest.place(*pointer), ID, message)
        seen.add(key)
