"""Manifests as they are applied: files, directories of them, or what was read from a cluster, without what it added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import discover
from scaffold.adopt.nouns import Objects
from scaffold.assemble.overlays import is_object
from scaffold.errors import ScaffoldError
from scaffold.model import Manifest, dig, mapping
from scaffold.parse import documents

_METADATA = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid")
_ANNOTATIONS = (
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
    "deprecated.daemonset.template.generation",
    "pv.kubernetes.io/bind-completed",
    "pv.kubernetes.io/bound-by-controller",
    "volume.beta.kubernetes.io/storage-provisioner",
    "volume.kubernetes.io/storage-provisioner",
    "meta.helm.sh/release-name",
    "meta.helm.sh/release-namespace",
)
_NEVER = frozenset(("Event", "Endpoints", "EndpointSlice", "Lease", "ControllerRevision", "Node", "PodMetrics"))
_FILLED: dict[str, tuple[tuple[str, ...], ...]] = {
    "Service": (("spec", "clusterIP"), ("spec", "clusterIPs"), ("spec", "ipFamilies"), ("spec", "ipFamilyPolicy")),
    "PersistentVolumeClaim": (("spec", "volumeName"),),
    "Job": (("spec", "selector"), ("spec", "manualSelector")),
    "ServiceAccount": (("secrets",),),
}


class Exported(NamedTuple):
    """Objects without what a cluster added, and what was left out, in words."""

    objects: Objects
    notes: tuple[str, ...]


def read(place: Path) -> Exported:
    """Every object of a file or of the files of a directory; raises ScaffoldError where there is none."""
    found = [(path, item) for path in _paths(place) for item in _objects(path)]
    if not found:
        raise ScaffoldError(f"{str(place)!r} holds no manifest; name a directory or a file that does")
    kept = [(item, clean(item)) for _, item in found if not _is_made(item)]
    _refuse_alike([item for item, _ in kept])
    left = sorted({f"{item['kind']} {dig(item, 'metadata', 'name')}" for _, item in found if _is_made(item)})
    notes = [f"left out, because the cluster makes it: {', '.join(left)}"] if left else []
    if any(before != after for before, after in kept):
        notes.append("left out of objects: status and the fields that the API server fills")
    return Exported([after for _, after in kept], tuple(notes))


def _refuse_alike(objects: Objects) -> None:
    seen = set()
    for item in objects:
        identity = Manifest(item, "").identity
        if not dig(item, "metadata", "name"):
            raise ScaffoldError(f"a {item['kind']} has no name, and Kustomize builds none without; give it one")
        if identity in seen:
            raise ScaffoldError(f"{identity} is declared twice; say which one counts by removing the other")
        seen.add(identity)


def _paths(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    tree = discover.tree(place)
    names = discover.KUSTOMIZATION_NAMES
    inner = sorted({path.rpartition("/")[0] for path in (*tree.yaml, *tree.others) if path.rpartition("/")[2] in names})
    if inner:
        fact = f"{str(place)!r} is no kustomization, but holds some, such as {inner[0]!r}"
        raise ScaffoldError(f"{fact}; adopt each of them with --environment")
    return [place / path for path in tree.yaml]


def _objects(path: Path) -> Iterator[Mapping[str, Any]]:
    text = path.read_text(encoding="utf-8-sig")
    for data in documents(text, path.name):
        members = data["items"] if dig(data, "kind") == "List" and isinstance(dig(data, "items"), list) else [data]
        for item in members:
            version, kind = dig(item, "apiVersion"), dig(item, "kind")
            if isinstance(version, str) and isinstance(kind, str) and is_object(version):
                yield item


def _is_made(item: Mapping[str, Any]) -> bool:
    """Tell whether a controller made an object, which would make it again."""
    if mapping(item.get("metadata")).get("ownerReferences") or item["kind"] in _NEVER:
        return True
    name = dig(item, "metadata", "name")
    if item["kind"] == "ConfigMap" and name in ("kube-root-ca.crt", "istio-ca-root-cert", "openshift-service-ca.crt"):
        return True
    if item["kind"] == "ServiceAccount" and name == "default":
        return True
    return item["kind"] == "Secret" and item.get("type") in (
        "kubernetes.io/service-account-token",
        "helm.sh/release.v1",
    )


def clean(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """An object as somebody would write it: without what only a cluster knows."""
    metadata = mapping(item.get("metadata"))
    if not ({"uid", "resourceVersion", "managedFields"} & metadata.keys()):
        return item
    annotations = {key: text for key, text in mapping(metadata.get("annotations")).items() if key not in _ANNOTATIONS}
    plain = {key: value for key, value in metadata.items() if key not in (*_METADATA, "annotations")}
    made: Mapping[str, Any] = {
        **{key: value for key, value in item.items() if key not in ("status", "metadata")},
        "metadata": {**plain, **({"annotations": annotations} if annotations else {})},
    }
    for pointer in _FILLED.get(str(item["kind"]), ()):
        if item["kind"] != "Service" or dig(item, "spec", "clusterIP") != "None":
            made = _without(made, pointer)
    return made


def _without(value: Mapping[str, Any], pointer: tuple[str, ...]) -> Mapping[str, Any]:
    key, *rest = pointer
    if key not in value:
        return value
    if not rest:
        return {name: item for name, item in value.items() if name != key}
    return {**value, key: _without(mapping(value[key]), tuple(rest))}
