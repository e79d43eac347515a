"""An object sets two fields of which only one may be set.

The API server refuses it. A patch that gives a variable another source, or a volume another one, adds a field and keeps
the old one; set the old one to null in the patch. A toleration of whatever value has none, and one for some seconds is
of effect NoExecute; a Service has a nodePort, an externalTrafficPolicy or what balancers need where its type lets it; a
DaemonSet has more pods or fewer while it is updated; a peer of a NetworkPolicy is a block of addresses or selects; and
an init container that ends has no probes (Kubernetes 1.37).

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
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name

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
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Container, Finding, Manifest, Overlay, Pod, Pointer, Repository, Severity, mapping, sequence
from scaffold.rules import exclusive, typed_services

ID = "conflicting-fields"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_VARIABLE = ("value", "valueFrom")
_SOURCES = ("configMapKeyRef", "secretKeyRef", "fieldRef", "resourceFieldRef")
_HANDLERS = ("exec", "grpc", "httpGet", "tcpSocket")
_BUDGET = ("minAvailable", "maxUnavailable")
_BACKEND = ("service", "resource")
_RELEASE = "helm.toolkit.fluxcd.io/HelmRelease"
_SYNC = "kustomize.toolkit.fluxcd.io/Kustomization"
_CHART = ("chart", "chartRef")
_ACCESS = ("secretRef", "configMapRef")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every pair of fields that exclude each other."""
    for overlay in repository.overlays.values():
        for pod in overlay.pods:
            yield from _of_pod(pod)
        yield from _of_others(overlay)
        told = (flaw for pod in overlay.pods for flaw in exclusive.of_pod(pod))
        for manifest, pointer, message in (*told, *exclusive.of_others(overlay)):
            if not overlay.is_partial(manifest.path):  # what is left out there may be given above
                yield Finding(manifest.place(*pointer, at_key=True), ID, message)


def _of_pod(pod: Pod) -> Iterator[Finding]:
    name = f"{pod.manifest.kind} {pod.manifest.name!r}"
    for index, volume in enumerate(sequence(pod.spec.get("volumes"))):
        subject = f"{name}, volume {mapping(volume).get('name')!r}"
        kinds = tuple(key for key in mapping(volume) if key != "name")
        yield from _both(pod.manifest, subject, mapping(volume), kinds, (*pod.template, "spec", "volumes", index))
    yield from _tolerations(pod)
    for container in pod.containers:
        yield from _of_container(pod, container)


def _tolerations(pod: Pod) -> Iterator[Finding]:
    for index, data in enumerate(map(mapping, sequence(pod.spec.get("tolerations")))):
        if data.get("operator") == "Exists" and data.get("value"):
            fact = f"{pod.manifest.kind} {pod.manifest.name!r} tolerates {data.get('key')!r} with operator 'Exists'"
            message = f"{fact} and the value {data['value']!r}, which is refused; remove the value, or write 'Equal'"
            yield Finding(pod.place("tolerations", index, "value", at_key=True), ID, message)


def _of_container(pod: Pod, container: Container) -> Iterator[Finding]:
    for index, entry in enumerate(sequence(container.data.get("env"))):
        data, where = mapping(entry), (*container.pointer, "env", index)
        subject = f"{pod.named(container)}, variable {data.get('name')!r}"
        if data.get("value") != "":  # an empty value is none
            yield from _both(pod.manifest, subject, data, _VARIABLE, where)
        yield from _both(pod.manifest, subject, mapping(data.get("valueFrom")), _SOURCES, (*where, "valueFrom"))
    yield from _root(pod, container)
    for field in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = mapping(container.data.get(field))
        subject = f"{pod.named(container)}, {field}"
        yield from _both(pod.manifest, subject, probe, _HANDLERS, (*container.pointer, field))


def _root(pod: Pod, container: Container) -> Iterator[Finding]:
    """A user that the container may not be: what the container itself says wins over what the pod says."""
    of_pod, own = mapping(pod.spec.get("securityContext")), mapping(container.data.get("securityContext"))
    said = {**of_pod, **own}
    if said.get("runAsNonRoot") is True and said.get("runAsUser") == 0 and not isinstance(said["runAsUser"], bool):
        fact = f"{pod.named(container)} has runAsUser 0 and runAsNonRoot, so the kubelet refuses to start it"
        where = container.pointer if "runAsUser" in own else (*pod.template, "spec")
        place = pod.manifest.place(*where, "securityContext", "runAsUser")
        yield Finding(place, ID, f"{fact}; name another user, or allow root")


def _of_services(overlay: Overlay) -> Iterator[Finding]:
    for service in overlay.of("/Service"):
        if overlay.is_partial(service.path) and not service.get("spec", "type"):
            continue
        for pointer, message in typed_services.flaws(service):
            yield Finding(service.place("spec", *pointer, at_key=True), ID, message)


def _of_others(overlay: Overlay) -> Iterator[Finding]:
    yield from _of_services(overlay)
    for budget in overlay.of("policy/PodDisruptionBudget"):
        subject = f"PodDisruptionBudget {budget.name!r}"
        yield from _both(budget, subject, mapping(budget.get("spec")), _BUDGET, ("spec",))
    for manifest in overlay.of(_RELEASE, _SYNC):
        subject = f"{manifest.kind} {manifest.name!r}"
        if manifest.kind == "HelmRelease":
            yield from _both(manifest, subject, mapping(manifest.get("spec")), _CHART, ("spec",))
        access = mapping(manifest.get("spec", "kubeConfig"))
        yield from _both(manifest, f"{subject}, kubeConfig", access, _ACCESS, ("spec", "kubeConfig"))
    for workload in overlay.of("apps/Deployment"):
        strategy = mapping(workload.get("spec", "strategy"))
        if strategy.get("type") == "Recreate" and strategy.get("rollingUpdate"):
            fact = f"Deployment {workload.name!r} sets rollingUpdate although its strategy is Recreate"
            message = f"{fact}, so the API server refuses it; set rollingUpdate to null"
            yield Finding(workload.place("spec", "strategy", "rollingUpdate", at_key=True), ID, message)
        rolling = mapping(strategy.get("rollingUpdate"))
        if all(rolling.get(key) in (0, "0", "0%") for key in ("maxSurge", "maxUnavailable")):
            fact = f"Deployment {workload.name!r} sets maxSurge and maxUnavailable to 0, so the API server refuses it"
            place = workload.place("spec", "strategy", "rollingUpdate", "maxUnavailable")
            yield Finding(place, ID, f"{fact}; raise one of the two")
    for ingress in overlay.of("networking.k8s.io/Ingress"):
        for number, rule in enumerate(sequence(ingress.get("spec", "rules"))):
            for index, path in enumerate(sequence(mapping(mapping(rule).get("http")).get("paths"))):
                where: Pointer = ("spec", "rules", number, "http", "paths", index, "backend")
                backend = mapping(mapping(path).get("backend"))
                yield from _both(ingress, f"Ingress {ingress.name!r}, backend", backend, _BACKEND, where)


def _both(
    manifest: Manifest, subject: str, data: Mapping[str, Any], fields: tuple[str, ...], where: Pointer
) -> Iterator[Finding]:
    found = [field for field in fields if data.get(field) is not None]
    if len(found) > 1:
        both = f"{found[0]} ({{0}}) and {found[1]} ({{1}})"
        message = f"{subject} sets {both}, of which only one may be set; remove one of the two"
        places = tuple(manifest.place(*where, field, at_key=True) for field in found[:2])
        yield Finding(places[1], ID, message, related=places, rather=places[0])
