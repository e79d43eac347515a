"""What of a change a cluster refuses, or what cannot be taken back.

Fields that cannot change are those that the API server of Kubernetes 1.37 refuses to update.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from scaffold.compare import engine_objects
from scaffold.compare.deployers import Deployer
from scaffold.compare.nouns import Change, Danger
from scaffold.model import Identity, Pointer, dig, mapping, sequence

_IMMUTABLE: dict[str, tuple[Pointer, ...]] = {
    "Deployment": (("spec", "selector"),),
    "DaemonSet": (("spec", "selector"),),
    "StatefulSet": (
        ("spec", "selector"),
        ("spec", "serviceName"),
        ("spec", "podManagementPolicy"),
        ("spec", "volumeClaimTemplates"),
    ),
    "Job": (("spec", "selector"), ("spec", "template"), ("spec", "completionMode")),
    "RoleBinding": (("roleRef",),),
    "ClusterRoleBinding": (("roleRef",),),
    "StorageClass": (("provisioner",), ("parameters",), ("reclaimPolicy",), ("volumeBindingMode",)),
    "PersistentVolumeClaim": (("spec", "storageClassName"), ("spec", "accessModes"), ("spec", "volumeName")),
    "Service": (("spec", "clusterIP"),),
    "PriorityClass": (("value",),),
    "IngressClass": (("spec", "controller"),),
}
_LOST = {
    "PersistentVolumeClaim": "its data goes with it where the volume is not retained",
    "PersistentVolume": "its data is not reachable any more",
    "StatefulSet": "its pods go at once and its volumes are left behind",
    "Namespace": "everything in it is deleted",
    "CustomResourceDefinition": "every object of its kind is deleted",
    "KafkaTopic": "its messages are deleted",
}
_STOPPED = dict.fromkeys(("DaemonSet", "Deployment"), "its pods go at once")
_UNITS = {"": 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "k": 10**3, "M": 10**6, "G": 10**9}
_NOTHING: Mapping[Identity, None] = MappingProxyType({})
_QUANTITY = re.compile(r"(?P<number>[0-9.]+)(?P<unit>Ki|Mi|Gi|Ti|Pi|k|M|G|T|P|)\Z")


def dangers(
    changes: Iterable[Change], *, pruned: bool, keep: str, taken: Mapping[Identity, Deployer | None] = _NOTHING
) -> Iterator[Danger]:
    """The dangers of one overlay's changes.

    `pruned` tells whether the engine deletes what Git does not name, `keep` is the annotation that stops it. Who has
    `taken` an object knows it for its own, and the one before it deletes it no more (Argo CD 3.5, Flux 2.9).
    """
    known = list(changes)
    moved = {change.identity: there for change in known if (there := _moved(change, known))}
    for change in known:
        if change.before is not None and change.after is not None:
            yield from _changed(change.identity, change.before, change.after)
            yield from engine_objects.dangers(change)
        elif change.before is not None:
            yield from _going(change, moved.get(change.identity), taken, pruned=pruned, keep=keep)


def _going(
    change: Change,
    there: Identity | None,
    taken: Mapping[Identity, Deployer | None],
    *,
    pruned: bool,
    keep: str,
) -> Iterator[Danger]:
    """The dangers of one that goes; one that is taken is in danger while it is nobody's."""
    subject, kept = str(change.identity), _is_kept(mapping(change.before), keep)
    remedy = f"annotate {subject} with {keep}"
    if change.identity not in taken:
        yield from () if kept else _removed(change, there, pruned=pruned, remedy=remedy)
        yield from engine_objects.dangers(change)
    elif (taker := taken[change.identity]) and pruned and not kept:
        fates = (danger.fact.partition(", and ")[2] for danger in engine_objects.dangers(change))
        fate = {**_LOST, **_STOPPED}.get(change.identity.kind) or next(fates, "")
        if fate:
            yield Danger(subject, f"it moves to {taker.identity}, and if it is deleted here first, {fate}", remedy)


def _is_kept(data: Mapping[str, Any], keep: str) -> bool:
    """Tell whether an object says itself that it is not to be pruned."""
    key, _, value = keep.partition(": ")
    return value in str(mapping(dig(data, "metadata", "annotations")).get(key, "")).replace(" ", "").split(",")


def _changed(identity: Identity, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Danger]:
    for pointer in _IMMUTABLE.get(identity.kind, ()):
        if dig(before, *pointer) != dig(after, *pointer) and not _is_first(identity, pointer, before):
            field = ".".join(map(str, pointer))
            yield Danger(str(identity), f"{field} changes, which the API server refuses; it has to be made anew")
    if identity.kind == "Service" and mapping(dig(before, "spec", "selector")) != mapping(
        dig(after, "spec", "selector")
    ):
        yield Danger(str(identity), "spec.selector changes, so its traffic goes to other pods at once")
    if identity.kind == "PersistentVolumeClaim" and _storage(after) < _storage(before):
        yield Danger(str(identity), "the requested storage shrinks, which the API server refuses")
    if dig(before, "immutable") is True and dig(before, "data") != dig(after, "data"):
        yield Danger(str(identity), "its data changes though it is immutable, which the API server refuses")
    if identity.kind == "CustomResourceDefinition":
        yield from _versions(identity, before, after)


def _is_first(identity: Identity, pointer: Pointer, before: Mapping[str, Any]) -> bool:
    """Tell whether a field was not said before and the server has filled it since, perhaps with what is said now."""
    return identity.kind in ("Service", "PersistentVolumeClaim") and dig(before, *pointer) is None


def _versions(identity: Identity, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Danger]:
    served = [
        {dig(item, "name") for item in sequence(dig(side, "spec", "versions")) if dig(item, "served")}
        for side in (before, after)
    ]
    for name in sorted(map(str, served[0] - served[1])):
        yield Danger(str(identity), f"version {name} is not served any more, so objects written in it are refused")


def _storage(claim: Mapping[str, Any]) -> float:
    """The requested storage in bytes; nothing where it cannot be read."""
    found = _QUANTITY.match(str(dig(claim, "spec", "resources", "requests", "storage") or ""))
    return float(found["number"]) * {**_UNITS, "T": 10**12, "P": 10**15}[found["unit"]] if found else 0


def _removed(change: Change, there: Identity | None, *, pruned: bool, remedy: str) -> Iterator[Danger]:
    subject = str(change.identity)
    if there is not None:
        yield Danger(subject, f"it moves to {there}, so it is deleted here and made anew there", remedy)
    elif change.identity.kind in _LOST:
        fate = _LOST[change.identity.kind]
        when = "it is deleted:" if pruned else "it is left in the cluster until somebody prunes; then"
        yield Danger(subject, f"{when} {fate}", remedy)


def _moved(change: Change, known: Iterable[Change]) -> Identity | None:
    """Where an object that goes comes again: in another namespace, or under another name with the same content."""
    if change.after is not None or change.before is None or engine_objects.is_one(change.identity):
        return None
    same = (item.identity for item in known if item.before is None and _content(item.after) == _content(change.before))
    return next((item for item in same if item[:2] == change.identity[:2]), None)


def _content(data: Mapping[str, Any] | None) -> Any:
    """What an object says apart from its name and namespace."""
    return {**mapping(data), "metadata": dig(data, "metadata", "labels")}
