"""What the pods of a workload cannot start without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.model import Manifest, Pointer, dig, mapping, sequence

_VOLUMES = (("configMap", "name", "ConfigMap"), ("secret", "secretName", "Secret"))
_CLAIM = ("persistentVolumeClaim", "claimName", "PersistentVolumeClaim")
_FROM = (("configMapRef", "ConfigMap"), ("secretRef", "Secret"))
_VALUE = (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret"))


class Need(NamedTuple):
    """An object of the workload's namespace, and where it is named."""

    kind: str
    name: str
    pointer: Pointer


def needs(manifest: Manifest) -> Iterator[Need]:
    """Every service account, config map, secret and claim that has to be there; what is optional is left out."""
    specs: dict[Pointer, None] = {}
    for pointer, container in manifest.containers():
        specs[pointer[:-2]] = None
        yield from (need for need in _of_container(pointer, container) if need.name)
    for spec in specs:
        yield from (need for need in _of_pod(spec, mapping(manifest.get(*spec))) if need.name)


def _of_pod(at: Pointer, spec: Mapping[str, Any]) -> Iterator[Need]:
    account = spec.get("serviceAccountName")
    yield Need("ServiceAccount", str(account or ""), (*at, "serviceAccountName"))
    for index, volume in enumerate(sequence(spec.get("volumes"))):
        for source, field, kind in (*_VOLUMES, _CLAIM):
            given = mapping(dig(volume, source))
            if given.get("optional") is not True:
                yield Need(kind, str(given.get(field) or ""), (*at, "volumes", index, source, field))


def _of_container(at: Pointer, container: Mapping[str, Any]) -> Iterator[Need]:
    for index, item in enumerate(sequence(container.get("envFrom"))):
        yield from _named(mapping(item), (*at, "envFrom", index), _FROM)
    for index, item in enumerate(sequence(container.get("env"))):
        yield from _named(mapping(dig(item, "valueFrom")), (*at, "env", index, "valueFrom"), _VALUE)


def _named(given: Mapping[str, Any], at: Pointer, sources: tuple[tuple[str, str], ...]) -> Iterator[Need]:
    for source, kind in sources:
        reference = mapping(given.get(source))
        if reference.get("optional") is not True:
            yield Need(kind, str(reference.get("name") or ""), (*at, source, "name"))
