"""A field is missing that the schema does not ask for, but the API server does.

Its own code refuses the object: a claim without an access mode or a size, be it one of a StatefulSet, a rule of a Role
without resources, a probe without a handler, an environment variable without a name, an Ingress backend without a port,
a Service with a selector and without ports that is not headless, a metric of an autoscaler whose target says no number,
a release of Flux that has no chart. A claim without `spec` that Flux applies with labels or annotations only adds these
to one that something else makes, and a Service without a selector its families to one that is there.

Fails:

    # claim.yaml
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata:
      name: web
    spec:
      resources:
        requests:
          storage: 1Gi

Passes:

    # claim.yaml
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata:
      name: web
    spec:
      accessModes:
        - ReadWriteOnce
      resources:
        requests:
          storage: 1Gi
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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

ID = "missing-value"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_HANDLERS = ("exec", "grpc", "httpGet", "tcpSocket")
_TIMES = frozenset(
    "initialDelaySeconds periodSeconds timeoutSeconds successThreshold failureThreshold "
    "terminationGracePeriodSeconds".split()
)
_TARGETS = {"AverageValue": "averageValue", "Utilization": "averageUtilization", "Value": "value"}
_RBAC = "rbac.authorization.k8s.io"
_FIELDS: Mapping[str, tuple[Pointer, ...]] = {
    "/PersistentVolume": (("spec", "accessModes"), ("spec", "capacity")),
    "/PersistentVolumeClaim": (("spec", "accessModes"), ("spec", "resources", "requests", "storage")),
    "apps/DaemonSet": (("spec",),),
    "networking.k8s.io/IngressClass": (("spec", "controller"),),
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such field that is missing."""
    for overlay in repository.overlays.values():
        yield from _by_kind(overlay)
        for pod in overlay.pods:
            for container in pod.containers:
                yield from _of_container(pod, container)
        for kinds, ask in (
            ((f"{_RBAC}/Role", f"{_RBAC}/ClusterRole"), _of_role),
            ((f"{_RBAC}/ClusterRoleBinding",), _of_binding),
            (("networking.k8s.io/Ingress",), _of_ingress),
            (("/Service",), _of_service),
            (("apps/StatefulSet",), _of_claims),
            (("autoscaling/HorizontalPodAutoscaler",), _of_scaler),
            (("helm.toolkit.fluxcd.io/HelmRelease",), _of_release),
        ):
            for manifest in overlay.of(*kinds):
                yield from ask(manifest)


def _by_kind(overlay: Overlay) -> Iterator[Finding]:
    for kind, pointers in _FIELDS.items():
        for manifest in (item for item in overlay.of(kind) if not (overlay.build and _adds(item))):
            for pointer in pointers:
                if not manifest.get(*pointer):
                    yield _missing(manifest, f"{manifest.kind} {manifest.name!r}", pointer)


def _adds(manifest: Manifest) -> bool:
    """Tell whether a claim is no more than labels or annotations, for one that an operator or a StatefulSet makes."""
    said = manifest.metadata.get("labels") or manifest.metadata.get("annotations")
    return manifest.kind == "PersistentVolumeClaim" and "spec" not in manifest.data and bool(said)


def _of_container(pod: Pod, container: Container) -> Iterator[Finding]:
    subject = pod.named(container)
    for field in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = mapping(container.data.get(field))
        if probe and probe.keys() <= _TIMES:
            fact = f"{subject}, {field} has no handler, so the API server refuses it"
            message = f"{fact}; add one of {', '.join(_HANDLERS)}"
            yield Finding(pod.manifest.place(*container.pointer, field, at_key=True), ID, message)
    for index, entry in enumerate(sequence(container.data.get("env"))):
        if dig(entry, "valueFrom") == {}:
            yield _missing(pod.manifest, subject, (*container.pointer, "env", index, "valueFrom"))


def _of_role(role: Manifest) -> Iterator[Finding]:
    for index, rule in enumerate(sequence(role.get("rules"))):
        data = mapping(rule)
        if data.get("nonResourceURLs"):
            continue
        for field in ("apiGroups", "resources"):
            if not data.get(field):
                yield _missing(role, f"{role.kind} {role.name!r}", ("rules", index, field))


def _of_binding(binding: Manifest) -> Iterator[Finding]:
    """Accounts without a namespace; in a RoleBinding they are those of its own."""
    for index, subject in enumerate(sequence(binding.get("subjects"))):
        if dig(subject, "kind") == "ServiceAccount" and not dig(subject, "namespace"):
            name = f"{binding.kind} {binding.name!r}, subject {dig(subject, 'name')!r}"
            # A kustomization gives a namespace to some subjects, but it is the subject that lacks this one.
            yield _missing(binding, name, ("subjects", index, "namespace"), ("subjects", index))


def _of_ingress(ingress: Manifest) -> Iterator[Finding]:
    for number, rule in enumerate(sequence(ingress.get("spec", "rules"))):
        for index, path in enumerate(sequence(dig(rule, "http", "paths"))):
            service = dig(path, "backend", "service")
            port = mapping(dig(service, "port"))
            if isinstance(service, Mapping) and not (port.get("name") or port.get("number")):
                where: Pointer = ("spec", "rules", number, "http", "paths", index, "backend", "service", "port")
                yield _missing(ingress, f"Ingress {ingress.name!r}", where)


def _of_service(service: Manifest) -> Iterator[Finding]:
    ports = sequence(service.get("spec", "ports"))
    if service.get("spec", "type") == "ExternalName" and not service.get("spec", "externalName"):
        yield _missing(service, f"Service {service.name!r}", ("spec", "externalName"))
    headless = service.get("spec", "clusterIP") == "None"
    typed = service.get("spec", "type") in (None, "ClusterIP", "LoadBalancer", "NodePort")
    whole = service.get("spec", "selector")  # else it may be a part, for a Service that is there already
    if whole and typed and not ports and not headless:
        yield _missing(service, f"Service {service.name!r}", ("spec", "ports"))
    for index, port in enumerate(ports if len(ports) > 1 else ()):
        if not dig(port, "name"):
            yield _missing(service, f"Service {service.name!r} has several ports and", ("spec", "ports", index, "name"))


def _of_claims(workload: Manifest) -> Iterator[Finding]:
    """The claims that a StatefulSet makes, which have to say what a claim says."""
    for index, claim in enumerate(sequence(workload.get("spec", "volumeClaimTemplates"))):
        for pointer in _FIELDS["/PersistentVolumeClaim"]:
            if mapping(claim).get("spec") and not dig(claim, *pointer):
                where: Pointer = ("spec", "volumeClaimTemplates", index, *pointer)
                yield _missing(workload, f"{workload.kind} {workload.name!r}", where)


def _of_scaler(scaler: Manifest) -> Iterator[Finding]:
    """Metrics whose target says no number."""
    for index, metric in enumerate(sequence(scaler.get("spec", "metrics"))):
        kind = str(dig(metric, "type"))
        where: Pointer = ("spec", "metrics", index, kind[:1].lower() + kind[1:], "target")
        target = mapping(scaler.get(*where))
        field = _TARGETS.get(str(target.get("type")))
        if field and all(target.get(other) is None for other in _TARGETS.values()):
            yield _missing(scaler, f"{scaler.kind} {scaler.name!r}", (*where, field), where)


def _of_release(release: Manifest) -> Iterator[Finding]:
    """A release of Flux is of a chart that it describes, or of one that it refers to."""
    spec = mapping(release.get("spec"))
    if spec and spec.get("chart") is None and spec.get("chartRef") is None:
        fact = f"HelmRelease {release.name!r} has neither chart nor chartRef, so the API server refuses it"
        yield Finding(release.place("spec", at_key=True), ID, f"{fact}; add one of the two")


def _missing(manifest: Manifest, subject: str, pointer: Pointer, where: Pointer = ()) -> Finding:
    field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in pointer).lstrip(".")
    joined = subject if subject.endswith(" and") else f"{subject},"
    message = f"{joined} field {field!r} is missing or empty, so the API server refuses it; add it"
    return Finding(manifest.place(*(where or pointer)), ID, message)
