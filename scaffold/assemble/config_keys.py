"""The keys of ConfigMaps and Secrets: which ones pods ask for, and which ones there will be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.assemble import references
from scaffold.model import Identity, Manifest, Overlay, Pod, Pointer, dig, mapping, sequence

_CONFIG, _SECRET = "ConfigMap", "Secret"
# Where objects list the keys of what they are, or of what a controller makes of them.
_LISTED: Mapping[str, tuple[Pointer, ...]] = {
    "/ConfigMap": (("data",), ("binaryData",)),
    "/Secret": (("data",), ("stringData",)),
    "bitnami.com/SealedSecret": (("spec", "encryptedData"), ("spec", "template", "data")),
}
# What annotations and labels say of keys that a controller adds: a generator, or one that copies from elsewhere.
_JOINING = ("autogenerate", "inject", "reflects", "replicate-from")
_EXTERNAL = "external-secrets.io/ExternalSecret"


class Asked(NamedTuple):
    """A key without which a container does not start, the object that has to have it, and where it is asked for."""

    holder: Identity
    key: str
    pointer: Pointer


def asked(pod: Pod) -> Iterator[Asked]:
    """The keys that the pods of a workload ask for, but for those that may be absent."""
    namespace = pod.manifest.namespace
    for container in pod.containers:
        for index, entry in enumerate(sequence(container.data.get("env"))):
            inner = (*container.pointer, "env", index, "valueFrom")
            source = mapping(dig(entry, "valueFrom"))
            for field, kind in (("configMapKeyRef", _CONFIG), ("secretKeyRef", _SECRET)):
                yield from _key(source, field, kind, namespace, inner)
    for index, volume in enumerate(sequence(pod.spec.get("volumes"))):
        where = (*pod.template, "spec", "volumes", index)
        yield from _items(mapping(volume), namespace, where)
        for number, source in enumerate(sequence(dig(volume, "projected", "sources"))):
            yield from _items(mapping(source), namespace, (*where, "projected", "sources", number))


def _key(source: Mapping[str, Any], field: str, kind: str, namespace: str, where: Pointer) -> Iterator[Asked]:
    reference = mapping(source.get(field))
    name, key = reference.get("name"), reference.get("key")
    if isinstance(name, str) and isinstance(key, str) and not reference.get("optional"):
        yield Asked(Identity("", kind, namespace, name), key, (*where, field, "key"))


def _items(volume: Mapping[str, Any], namespace: str, where: Pointer) -> Iterator[Asked]:
    for field, kind in (("configMap", _CONFIG), ("secret", _SECRET)):
        reference = mapping(volume.get(field))
        name = reference.get("name") or reference.get("secretName")
        for index, item in enumerate(sequence(reference.get("items"))):
            key = dig(item, "key")
            if isinstance(name, str) and isinstance(key, str) and not reference.get("optional"):
                yield Asked(Identity("", kind, namespace, name), key, (*where, field, "items", index, "key"))


def known(overlay: Overlay) -> dict[Identity, frozenset[str]]:
    """The keys of every ConfigMap and Secret of an overlay of which all are told, and that one object alone makes."""
    found: dict[Identity, list[frozenset[str]]] = {}
    for manifest in overlay.manifests:
        own = [manifest.identity] if manifest.identity.kind in (_CONFIG, _SECRET) and not manifest.group else []
        for identity in (*own, *references.makes(manifest)):
            found.setdefault(identity, []).append(frozenset(keys(manifest)))
    return {identity: told[0] for identity, told in found.items() if len(told) == 1 and told[0]}


def keys(manifest: Manifest) -> Iterable[str]:
    """The keys that an object lists; none where others may join them."""
    notes = (key for field in ("annotations", "labels") for key in mapping(manifest.metadata.get(field)))
    if any(word in str(key) for key in notes for word in _JOINING):
        return ()
    sort = f"{manifest.group}/{manifest.kind}"
    if sort == _EXTERNAL:
        return _external(manifest)
    return (str(key) for pointer in _LISTED.get(sort, ()) for key in mapping(manifest.get(*pointer)))


def _external(manifest: Manifest) -> Iterable[str]:
    """The keys of a template take the place of those that are fetched, where it does not merge them."""
    spec = mapping(manifest.get("spec"))
    target = mapping(spec.get("target"))
    template = mapping(target.get("template"))
    own, merges = mapping(template.get("data")), template.get("mergePolicy") == "Merge"
    if target.get("creationPolicy") == "Merge" or template.get("templateFrom"):
        return ()
    if own and not merges:
        return map(str, own)
    if spec.get("dataFrom"):
        return ()
    return (*map(str, own), *(str(dig(item, "secretKey")) for item in sequence(spec.get("data"))))
