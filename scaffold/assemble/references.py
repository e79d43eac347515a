"""What a rendered object names and does not work without, and what controllers make of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.model import Identity, Manifest, Pod, Pointer, dig, group_of, mapping, sequence


class Need(NamedTuple):
    """An object that another one names and does not work without, and where it does; `kind` is `group/Kind`."""

    kind: str
    namespace: str
    name: str
    pointer: Pointer


_HASH = re.compile(r"-[2456789bcdfghkmt]{10}\Z")
_CONFIG, _SECRET, _SERVICE = "/ConfigMap", "/Secret", "/Service"
_BY_ANNOTATION = "use-annotation"  # the port of what is no Service, but an action (AWS load balancer controller 2)
GATEWAY, LISTENER = "gateway.networking.k8s.io", "Gateway listener"
CLUSTER, CLUSTER_SERVER = "Argo CD cluster", "Argo CD cluster's server"
# What makes the Secret of a cluster, with where it has its labels, and its name and server, where they can be read.
_OF_CLUSTER: Mapping[str, tuple[Pointer, Pointer]] = {
    "/Secret": ((), ("stringData",)),
    "external-secrets.io/ExternalSecret": (("spec", "target", "template"), ("spec", "target", "template", "data")),
    "bitnami.com/SealedSecret": (("spec", "template"), ("spec", "template", "data")),
}
REQUEST = "Request by default"  # what a LimitRange gives to the containers of its namespace
_RELEASE, RELEASED = "helm.toolkit.fluxcd.io/HelmRelease", "Release of Helm"
_GATEWAY_ROUTES = ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute")
ROUTES = ("networking.k8s.io/Ingress", *(f"{GATEWAY}/{kind}" for kind in _GATEWAY_ROUTES))
# Kinds whose controller makes a Secret, with the field that names it where it is not the object's own name.
_SECRET_MAKERS: Mapping[str, Pointer] = {
    "bitnami.com/SealedSecret": (),
    "cert-manager.io/Certificate": ("spec", "secretName"),
    "external-secrets.io/ExternalSecret": ("spec", "target", "name"),
    "onepassword.com/OnePasswordItem": (),
    "secrets.hashicorp.com/VaultDynamicSecret": ("spec", "destination", "name"),
    "secrets.hashicorp.com/VaultPKISecret": ("spec", "destination", "name"),
    "secrets.hashicorp.com/VaultStaticSecret": ("spec", "destination", "name"),
}

# By which OpenShift makes the certificate of a Service.
_SERVING = tuple(f"service.{version}.openshift.io/serving-cert-secret-name" for version in ("alpha", "beta"))


def of_pod(pod: Pod) -> Iterator[Need]:
    """The objects without which the pods of a workload do not start."""
    spec, where = pod.spec, (*pod.template, "spec")
    namespace = pod.manifest.namespace
    account = spec.get("serviceAccountName")
    if isinstance(account, str) and account not in ("", "default"):
        yield Need("/ServiceAccount", namespace, account, (*where, "serviceAccountName"))
    for index, volume in enumerate(sequence(spec.get("volumes"))):
        yield from _volume(mapping(volume), namespace, (*where, "volumes", index))
    for container in pod.containers:
        yield from _environment(container.data, namespace, container.pointer)


def _volume(volume: Mapping[str, Any], namespace: str, where: Pointer) -> Iterator[Need]:
    yield from _named(volume, "configMap", "name", _CONFIG, namespace, where)
    yield from _named(volume, "secret", "secretName", _SECRET, namespace, where)
    yield from _named(volume, "persistentVolumeClaim", "claimName", "/PersistentVolumeClaim", namespace, where)
    for number, source in enumerate(sequence(dig(volume, "projected", "sources"))):
        inner = (*where, "projected", "sources", number)
        yield from _named(source, "configMap", "name", _CONFIG, namespace, inner)
        yield from _named(source, "secret", "name", _SECRET, namespace, inner)


def _environment(container: Mapping[str, Any], namespace: str, where: Pointer) -> Iterator[Need]:
    for index, entry in enumerate(sequence(container.get("env"))):
        inner = (*where, "env", index, "valueFrom")
        yield from _named(dig(entry, "valueFrom"), "configMapKeyRef", "name", _CONFIG, namespace, inner)
        yield from _named(dig(entry, "valueFrom"), "secretKeyRef", "name", _SECRET, namespace, inner)
    for index, entry in enumerate(sequence(container.get("envFrom"))):
        yield from _named(entry, "configMapRef", "name", _CONFIG, namespace, (*where, "envFrom", index))
        yield from _named(entry, "secretRef", "name", _SECRET, namespace, (*where, "envFrom", index))


def _named(holder: Any, field: str, key: str, kind: str, namespace: str, where: Pointer) -> Iterator[Need]:
    """What a reference names, unless it may be absent."""
    reference = mapping(mapping(holder).get(field))
    name = reference.get(key)
    if isinstance(name, str) and name and not reference.get("optional"):
        yield Need(kind, namespace, name, (*where, field, key))


def of_route(manifest: Manifest) -> Iterator[Need]:
    """The Services that an Ingress or a route of the Gateway API leads to."""
    yield from _ingress(manifest) if manifest.kind == "Ingress" else _route(manifest)


def _ingress(manifest: Manifest) -> Iterator[Need]:
    backends: list[tuple[Pointer, Any]] = [(("spec", "defaultBackend"), manifest.get("spec", "defaultBackend"))]
    for number, rule in enumerate(sequence(manifest.get("spec", "rules"))):
        for index, path in enumerate(sequence(dig(rule, "http", "paths"))):
            pointer: Pointer = ("spec", "rules", number, "http", "paths", index, "backend")
            backends.append((pointer, dig(path, "backend")))
    for pointer, backend in backends:
        if dig(backend, "service", "port", "name") != _BY_ANNOTATION:
            yield from _named(backend, "service", "name", _SERVICE, manifest.namespace, pointer)


def _route(manifest: Manifest) -> Iterator[Need]:
    for number, rule in enumerate(sequence(manifest.get("spec", "rules"))):
        for index, backend in enumerate(sequence(dig(rule, "backendRefs"))):
            data = mapping(backend)
            if data.get("kind", "Service") == "Service" and not data.get("group") and isinstance(data.get("name"), str):
                namespace = str(data.get("namespace") or manifest.namespace)
                pointer: Pointer = ("spec", "rules", number, "backendRefs", index, "name")
                yield Need(_SERVICE, namespace, data["name"], pointer)


def of_scaler(manifest: Manifest) -> Iterator[Need]:
    """The workload that an autoscaler scales; KEDA takes a Deployment where no kind is given."""
    field = "targetRef" if manifest.kind == "VerticalPodAutoscaler" else "scaleTargetRef"
    target = mapping(manifest.get("spec", field))
    usual = {"apiVersion": "apps/v1", "kind": "Deployment"} if manifest.kind == "ScaledObject" else {}
    version, kind, name = ({**usual, **target}.get(key) for key in ("apiVersion", "kind", "name"))
    if isinstance(version, str) and isinstance(kind, str) and isinstance(name, str):
        yield Need(f"{group_of(version)}/{kind}", manifest.namespace, name, ("spec", field, "name"))


def of_binding(manifest: Manifest) -> Iterator[Need]:
    """The Role or the ClusterRole that a binding binds to; of the latter many are there already."""
    role = mapping(manifest.get("roleRef"))
    if role.get("kind") in ("Role", "ClusterRole") and isinstance(role.get("name"), str):
        namespace = manifest.namespace if role["kind"] == "Role" else ""
        yield Need(f"rbac.authorization.k8s.io/{role['kind']}", namespace, role["name"], ("roleRef", "name"))


def unhashed(name: str) -> str:
    """A name without what kustomize ends that of a generated object with."""
    return _HASH.sub("", name)


def makes(manifest: Manifest) -> Iterator[Identity]:
    """The objects that a controller makes of one, in its own namespace, and the parts of one that others name.

    Of what a release of Flux makes no more is known than the namespace that it is released to.
    """
    sort = f"{manifest.group}/{manifest.kind}"
    if sort == _RELEASE:
        target = manifest.get("spec", "targetNamespace")
        yield Identity(manifest.group, RELEASED, str(target) if target else manifest.namespace, manifest.name)
    if sort in _SECRET_MAKERS:
        name = manifest.get(*_SECRET_MAKERS[sort]) if _SECRET_MAKERS[sort] else None
        yield Identity("", "Secret", manifest.namespace, name if isinstance(name, str) and name else manifest.name)
    for annotation in _SERVING if sort == _SERVICE else ():
        name = mapping(manifest.metadata.get("annotations")).get(annotation)
        if isinstance(name, str):
            yield Identity("", "Secret", manifest.namespace, name)
    if sort == "trust.cert-manager.io/Bundle":
        yield Identity("", "ConfigMap", "", manifest.name)
        yield Identity("", "Secret", "", manifest.name)
    if sort == f"{GATEWAY}/Gateway":
        yield from _of_gateway(manifest)
    if sort == "/LimitRange":
        yield from _of_limit_range(manifest)
    if sort in _OF_CLUSTER:
        yield from _of_cluster(manifest, *_OF_CLUSTER[sort])


def _of_limit_range(manifest: Manifest) -> Iterator[Identity]:
    """What containers request that say nothing: by default, or as much as their limit, the highest or the lowest."""
    for item in sequence(manifest.get("spec", "limits")):
        if dig(item, "type") == "Container":
            for field in ("defaultRequest", "default", "max", "min"):
                for resource in mapping(dig(item, field)):
                    yield Identity("", REQUEST, manifest.namespace, str(resource))


def _of_cluster(manifest: Manifest, template: Pointer, data: Pointer) -> Iterator[Identity]:
    labels = mapping(manifest.get(*template, "metadata", "labels"))
    for key, kind in (("name", CLUSTER), ("server", CLUSTER_SERVER)):
        value = manifest.get(*data, key)
        if labels.get("argocd.argoproj.io/secret-type") == "cluster" and isinstance(value, str) and "{{" not in value:
            yield Identity("argoproj.io", kind, "", value)


def _of_gateway(manifest: Manifest) -> Iterator[Identity]:
    """Its listeners."""
    for item in sequence(manifest.get("spec", "listeners")):
        if name := dig(item, "name"):
            yield Identity(GATEWAY, LISTENER, manifest.namespace, f"{manifest.name}/{name}")
