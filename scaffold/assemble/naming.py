"""What an object names that mostly stands elsewhere: stores, issuers, classes, folders, Gateways, accounts, Secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scaffold.assemble.references import GATEWAY, LISTENER, ROUTES, Need
from scaffold.model import Manifest, Pod, Pointer, dig, is_variable, mapping, sequence


class _Field(NamedTuple):
    """Where a kind names an object of a group; a kind that is not said is `kind`, those in `wide` have no namespace."""

    pointer: Pointer
    group: str
    kind: str
    wide: frozenset[str] = frozenset()


_STORES = "external-secrets.io"
_FIELDS: Mapping[str, _Field] = {
    "external-secrets.io/ExternalSecret": _Field(
        ("spec", "secretStoreRef"), _STORES, "SecretStore", frozenset(("ClusterSecretStore",))
    ),
    "cert-manager.io/Certificate": _Field(
        ("spec", "issuerRef"), "cert-manager.io", "Issuer", frozenset(("ClusterIssuer",))
    ),
}
_CLASSES: Mapping[str, tuple[Pointer, str]] = {
    "/PersistentVolumeClaim": (("spec", "storageClassName"), "storage.k8s.io/StorageClass"),
    "networking.k8s.io/Ingress": (("spec", "ingressClassName"), "networking.k8s.io/IngressClass"),
    "gateway.networking.k8s.io/Gateway": (("spec", "gatewayClassName"), "gateway.networking.k8s.io/GatewayClass"),
}
_GRAFANA = "grafana.integreatly.org"
# Where kinds of the Grafana operator 5.19 name a folder of their own namespace.
_FOLDERS: Mapping[str, Pointer] = {
    f"{_GRAFANA}/GrafanaAlertRuleGroup": ("spec", "folderRef"),
    f"{_GRAFANA}/GrafanaDashboard": ("spec", "folderRef"),
    f"{_GRAFANA}/GrafanaFolder": ("spec", "parentFolderRef"),
    f"{_GRAFANA}/GrafanaLibraryPanel": ("spec", "folderRef"),
}
_BINDINGS = tuple(f"rbac.authorization.k8s.io/{kind}" for kind in ("RoleBinding", "ClusterRoleBinding"))
_SYNC = "kustomize.toolkit.fluxcd.io/Kustomization"
_INGRESS, _GATEWAY = "networking.k8s.io/Ingress", f"{GATEWAY}/Gateway"
# By which cert-manager 1.19 makes a certificate for an Ingress or a Gateway, in the Secrets that this names.
_ISSUERS = {"cert-manager.io/cluster-issuer": "ClusterIssuer", "cert-manager.io/issuer": "Issuer"}
# Where kinds of Flux 2.9 name a Secret of their own namespace.
_SECRET = {
    _SYNC: ("decryption", "kubeConfig"),
    "helm.toolkit.fluxcd.io/HelmRelease": ("kubeConfig",),
    **{f"source.toolkit.fluxcd.io/{kind}": ("",) for kind in ("GitRepository", "HelmRepository", "Bucket")},
    "source.toolkit.fluxcd.io/OCIRepository": ("",),
    "image.toolkit.fluxcd.io/ImageRepository": ("",),
    **{f"notification.toolkit.fluxcd.io/{kind}": ("",) for kind in ("Provider", "Receiver")},
}
SECRETS = tuple(_SECRET)
# Labels that operators give to the pods of an object, by which others select these.
_OWNERS = {
    "cnpg.io/cluster": "postgresql.cnpg.io/Cluster",
    "gateway.networking.k8s.io/gateway-name": f"{GATEWAY}/Gateway",
    "postgres-operator.crunchydata.com/cluster": "postgres-operator.crunchydata.com/PostgresCluster",
    "strimzi.io/cluster": "kafka.strimzi.io/Kafka",
}
_SELECTORS: Mapping[str, Pointer] = {
    "/Service": ("spec", "selector"),
    "monitoring.coreos.com/PodMonitor": ("spec", "selector", "matchLabels"),
    "monitoring.coreos.com/ServiceMonitor": ("spec", "selector", "matchLabels"),
    "networking.k8s.io/NetworkPolicy": ("spec", "podSelector", "matchLabels"),
    "policy/PodDisruptionBudget": ("spec", "selector", "matchLabels"),
}
NAMING = tuple({*_FIELDS, *_CLASSES, *_FOLDERS, *ROUTES, *_BINDINGS, *_SECRET, *_SELECTORS})


def named(manifest: Manifest) -> Iterator[Need]:
    """What an object of one of the kinds `NAMING` names that mostly stands elsewhere."""
    sort = f"{manifest.group}/{manifest.kind}"
    if sort in _FIELDS:
        yield from _held(manifest, _FIELDS[sort])
    if sort in _CLASSES:
        yield from _one(manifest, *_CLASSES[sort], "")
    if sort in _FOLDERS:
        yield from _one(manifest, _FOLDERS[sort], f"{_GRAFANA}/GrafanaFolder", manifest.namespace)
    if sort in _SECRET:
        yield from _secrets(manifest, _SECRET[sort])
    if sort in (_INGRESS, _GATEWAY):
        yield from _certificates(manifest)
    for label in sorted(mapping(manifest.get(*_SELECTORS[sort])).keys() & _OWNERS) if sort in _SELECTORS else ():
        yield from _one(manifest, (*_SELECTORS[sort], label), _OWNERS[label], manifest.namespace)
    if sort == _SYNC:
        yield from _one(manifest, ("spec", "targetNamespace"), "/Namespace", "")
    elif sort in _BINDINGS:
        yield from _listed(manifest, ("subjects",), "", "ServiceAccount")
    elif sort in ROUTES[1:]:
        yield from _listed(manifest, ("spec", "parentRefs"), GATEWAY, "Gateway")


def of_pod(pod: Pod) -> Iterator[Need]:
    """The classes that the pods of a workload ask for, and the Secrets by which their images are pulled."""
    where = (*pod.template, "spec")
    yield from _one(pod.manifest, (*where, "priorityClassName"), "scheduling.k8s.io/PriorityClass", "")
    yield from _one(pod.manifest, (*where, "runtimeClassName"), "node.k8s.io/RuntimeClass", "")
    for index, _ in enumerate(sequence(pod.spec.get("imagePullSecrets"))):
        pointer = (*where, "imagePullSecrets", index, "name")
        yield from _one(pod.manifest, pointer, "/Secret", pod.manifest.namespace)


def sections(manifest: Manifest) -> Iterator[Need]:
    """The listeners of Gateways that a route asks for by name, each as `<gateway>/<listener>`."""
    for need in _listed(manifest, ("spec", "parentRefs"), GATEWAY, "Gateway"):
        where = (*need.pointer[:-1], "sectionName")
        section = manifest.get(*where)
        if isinstance(section, str) and section and not is_variable(section) and not is_variable(need.name):
            yield Need(f"{GATEWAY}/{LISTENER}", need.namespace, f"{need.name}/{section}", where)


def _one(manifest: Manifest, pointer: Pointer, kind: str, namespace: str) -> Iterator[Need]:
    name = manifest.get(*pointer)
    if isinstance(name, str) and name:
        yield Need(kind, namespace, name, pointer)


def _secrets(manifest: Manifest, holders: tuple[str, ...]) -> Iterator[Need]:
    for holder in holders:
        where = ("spec", *((holder,) if holder else ()), "secretRef", "name")
        yield from _one(manifest, where, "/Secret", manifest.namespace)


def _certificates(manifest: Manifest) -> Iterator[Need]:
    """The issuer that an annotation names, which makes the certificates; without one, the Secrets that hold them."""
    notes = mapping(manifest.metadata.get("annotations"))
    for key, kind in _ISSUERS.items():
        namespace = "" if kind.startswith("Cluster") else manifest.namespace
        yield from _one(manifest, ("metadata", "annotations", key), f"cert-manager.io/{kind}", namespace)
    if not any(str(key).startswith("cert-manager.io/") for key in notes) and manifest.kind == "Ingress":
        for index, _ in enumerate(sequence(manifest.get("spec", "tls"))):
            yield from _one(manifest, ("spec", "tls", index, "secretName"), "/Secret", manifest.namespace)
    elif manifest.kind == "Gateway" and not notes:
        for number, listener in enumerate(sequence(manifest.get("spec", "listeners"))):
            for index, reference in enumerate(sequence(dig(listener, "tls", "certificateRefs"))):
                namespace = str(mapping(reference).get("namespace") or manifest.namespace)
                pointer = ("spec", "listeners", number, "tls", "certificateRefs", index, "name")
                yield from _one(manifest, pointer, "/Secret", namespace)


def _held(manifest: Manifest, field: _Field) -> Iterator[Need]:
    reference = mapping(manifest.get(*field.pointer))
    kind, name = reference.get("kind") or field.kind, reference.get("name")
    if kind in (field.kind, *field.wide) and (reference.get("group") or field.group) == field.group and name:
        namespace = "" if kind in field.wide else manifest.namespace
        yield Need(f"{field.group}/{kind}", namespace, str(name), (*field.pointer, "name"))


def _listed(manifest: Manifest, pointer: Pointer, group: str, kind: str) -> Iterator[Need]:
    """The Gateways of a route and the accounts of a binding, which may be in other namespaces."""
    for index, item in enumerate(sequence(manifest.get(*pointer))):
        data = mapping(item)
        if (data.get("group") or group, data.get("kind") or kind) == (group, kind) and isinstance(
            data.get("name"), str
        ):
            namespace = str(data.get("namespace") or manifest.namespace)
            yield Need(f"{group}/{kind}", namespace, data["name"], (*pointer, index, "name"))
