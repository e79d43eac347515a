"""A receiver of the OpenTelemetry collector, or of Tempo, listens on localhost, and a Service leads to it.

Without an `endpoint` a receiver listens where only its own pod gets to, since version 0.104 of the collector and 2.7 of
Tempo. Told is of `otlp`, `zipkin` and `jaeger`, in a ConfigMap that a container of a known version mounts, whose port a
Service beside it leads to. Passed over are pods in the network of their node, several configurations for one container,
and a gate that sets another default.

Fails:

    # all.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: collector
    data:
      config.yaml: |
        receivers:
          otlp:
            protocols:
              grpc: {}
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: collector
    spec:
      selector:
        app: collector
      ports:
        - port: 4317
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: collector
    spec:
      selector:
        matchLabels:
          app: collector
      template:
        metadata:
          labels:
            app: collector
        spec:
          containers:
            - name: collector
              image: docker.io/otel/opentelemetry-collector:0.132.0
          volumes:
            - name: config
              configMap:
                name: collector

Passes:

    # all.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: collector
    data:
      config.yaml: |
        receivers:
          otlp:
            protocols:
              grpc:
                endpoint: 0.0.0.0:4317
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: collector
    spec:
      selector:
        app: collector
      ports:
        - port: 4317
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: collector
    spec:
      selector:
        matchLabels:
          app: collector
      template:
        metadata:
          labels:
            app: collector
        spec:
          containers:
            - name: collector
              image: docker.io/otel/opentelemetry-collector:0.132.0
          volumes:
            - name: config
              configMap:
                name: collector
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scaffold import load
from scaffold.model import Finding, Image, Manifest, Overlay, Pod, Pointer, Repository, Severity, dig, mapping, sequence
from scaffold.model.values import text
from scaffold.parse import locate

ID = "unreachable-receiver"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_VERSION = re.compile(r"v?(\d{1,4})\.(\d{1,4})(?:\.|-|\Z)")
# The program by the last part of its image, since when, and where its configuration has the receivers.
_PROGRAMS: Mapping[str, tuple[tuple[int, int], Pointer]] = {
    "opentelemetry-collector": ((0, 104), ("receivers",)),
    "opentelemetry-collector-contrib": ((0, 104), ("receivers",)),
    "opentelemetry-collector-k8s": ((0, 104), ("receivers",)),
    "tempo": ((2, 7), ("distributor", "receivers")),
}
_PORTS: Mapping[tuple[str, str], int] = {
    ("otlp", "grpc"): 4317,
    ("otlp", "http"): 4318,
    ("jaeger", "grpc"): 14250,
    ("jaeger", "thrift_http"): 14268,
    ("zipkin", ""): 9411,
}
_GATE = "UseLocalHostAsDefaultHost"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every receiver on localhost that a Service leads to."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            for container in pod.containers:
                where = _receivers(str(container.data.get("image", "")))
                arguments = f"{container.data.get('args')}{container.data.get('command')}"
                if where and not pod.spec.get("hostNetwork") and _GATE not in arguments:
                    yield from _of_pod(overlay, pod, where)


def _receivers(image: str) -> Pointer:
    """Where the configuration of a container has its receivers, if it listens on localhost by default."""
    parts = Image.of(image)
    since, where = _PROGRAMS.get(parts.name.rpartition("/")[2], ((0, 0), ()))
    found = _VERSION.match(parts.tag)
    return where if found and (int(found[1]), int(found[2])) >= since else ()


def _of_pod(overlay: Overlay, pod: Pod, where: Pointer) -> Iterator[Finding]:
    served = _served(overlay, pod)
    names = {text(dig(volume, "configMap", "name")) for volume in sequence(pod.spec.get("volumes"))} - {""}
    beside = (item for item in overlay.of("/ConfigMap") if item.namespace == pod.manifest.namespace)
    held = [(item, key) for item in beside if item.name in names for key in mapping(item.get("data"))]
    told = [(item, key) for item, key in held if f"{where[-1]}:" in text(item.get("data", key))]
    for item, key in told if len(told) == 1 and served else ():
        yield from _in_text(item, key, where, served)


def _in_text(manifest: Manifest, key: str, where: Pointer, served: Mapping[int, str]) -> Iterator[Finding]:
    told = text(manifest.get("data", key))
    file = load.source_file("", told.encode(), keep=True)
    receivers = mapping(dig((file.documents or (None,))[0], *where)) if "{{" not in told else {}
    for name, receiver in receivers.items():
        kind = name.partition("/")[0]
        for (known, protocol), port in _PORTS.items():
            pointer: Pointer = (*where, name, "protocols", protocol) if protocol else (*where, name)
            held = dig(receiver, "protocols") if protocol else receivers
            there = kind == known and (protocol or name) in mapping(held)
            if there and port in served and not dig(held, protocol or name, "endpoint"):
                line, _ = locate(told, 0, pointer, at_key=True)
                what = f"{name!r} for {protocol}" if protocol else f"{name!r}"
                fact = f"ConfigMap {manifest.name!r} gives receiver {what} no endpoint, so it listens on localhost"
                message = f"{fact}, and Service {served[port]!r} leads nowhere; set endpoint: 0.0.0.0:{port}"
                yield Finding(manifest.place("data", key, line - 1), ID, message, subject=f"{name}/{protocol}")


def _served(overlay: Overlay, pod: Pod) -> dict[int, str]:
    """The ports of a pod that Services lead to, each with one of them."""
    every = [mapping(port) for container in pod.containers for port in sequence(container.data.get("ports"))]
    named = {text(port.get("name")): port.get("containerPort") for port in every}
    found: dict[int, str] = {}
    for service in overlay.of("/Service"):
        selector = mapping(service.get("spec", "selector"))
        fits = selector and all(pod.labels.get(key) == value for key, value in selector.items())
        if fits and service.namespace == pod.manifest.namespace:
            for port in map(mapping, sequence(service.get("spec", "ports"))):
                target = port.get("targetPort", port.get("port"))
                number = named.get(target) if isinstance(target, str) else target
                if isinstance(number, int):
                    found.setdefault(number, service.name)
    return found
