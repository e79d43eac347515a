"""A port number is not between 1 and 65535.

The API server refuses it.

Fails:

    # service.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
          targetPort: 80800

Passes:

    # service.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      selector:
        app: web
      ports:
        - port: 80
          targetPort: 8080
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import (
    Container,
    Finding,
    Manifest,
    Overlay,
    Pod,
    Pointer,
    Repository,
    Severity,
    dig,
    mapping,
    sequence,
)

ID = "port-out-of-range"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HANDLERS = ("httpGet", "tcpSocket", "grpc")
_Number = tuple[str, object, Pointer]


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every port number out of range."""
    for overlay in repository.overlays.values():
        for manifest, (subject, number, pointer) in _numbers(overlay):
            if isinstance(number, int) and not isinstance(number, bool) and not 1 <= number <= 65535:
                message = f"{subject} is {number}, which is no port; use one between 1 and 65535"
                yield Finding(manifest.place(*pointer), ID, message)


def _numbers(overlay: Overlay) -> Iterator[tuple[Manifest, _Number]]:
    for pod in overlay.pods:
        for container in pod.containers:
            yield from ((pod.manifest, number) for number in _of_container(pod, container))
    yield from _of_policies(overlay)
    yield from _of_ingresses(overlay)
    for service in overlay.of("/Service"):
        fields = ("port", "targetPort", "nodePort")
        ports = service.get("spec", "ports")
        yield from ((service, n) for n in _listed(f"Service {service.name!r}", ports, fields, ("spec", "ports")))


def _of_policies(overlay: Overlay) -> Iterator[tuple[Manifest, _Number]]:
    for policy in overlay.of("networking.k8s.io/NetworkPolicy"):
        for way in ("ingress", "egress"):
            for index, rule in enumerate(sequence(policy.get("spec", way))):
                where, subject = ("spec", way, index, "ports"), f"NetworkPolicy {policy.name!r}"
                ports = _listed(subject, dig(rule, "ports"), ("port", "endPort"), where)
                yield from ((policy, number) for number in ports)


def _of_ingresses(overlay: Overlay) -> Iterator[tuple[Manifest, _Number]]:
    for ingress in overlay.of("networking.k8s.io/Ingress"):
        backends: list[Pointer] = [("spec", "defaultBackend")]
        for index, rule in enumerate(sequence(ingress.get("spec", "rules"))):
            paths = sequence(dig(rule, "http", "paths"))
            backends += [("spec", "rules", index, "http", "paths", number, "backend") for number, _ in enumerate(paths)]
        for backend in backends:
            pointer = (*backend, "service", "port", "number")
            number = ingress.get(*pointer)
            yield ingress, (f"Ingress {ingress.name!r}, port of its backend", number, pointer)


def _of_container(pod: Pod, container: Container) -> Iterator[_Number]:
    name = pod.named(container)
    if "ports" in container.data:
        ports, where = container.data["ports"], (*container.pointer, "ports")
        yield from _listed(name, ports, ("containerPort", "hostPort"), where)
    for probe in _PROBES:
        handlers = mapping(container.data.get(probe))
        for handler in _HANDLERS if handlers else ():
            pointer = (*container.pointer, probe, handler, "port")
            yield f"{name}, port of {probe}", dig(handlers, handler, "port"), pointer


def _listed(subject: str, ports: object, fields: tuple[str, ...], where: Pointer) -> Iterator[_Number]:
    for index, port in enumerate(sequence(ports)):
        for field in fields:
            if mapping(port).get(field):
                yield f"{subject}, {field}", port[field], (*where, index, field)
