"""Kubernetes and custom resource schemas: what an API server with strict field validation would refuse, without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import dig, mapping, sequence
from scaffold.model.values import is_encrypted
from scaffold.schemas import catalogue, structural
from scaffold.schemas.catalogue import (
    Removal,
    VersionError,
    api_versions,
    builtin_kinds,
    groups,
    has_group,
    is_builtin,
    is_known_whole,
    is_partial,
    kinds,
    kinds_of,
    known_elsewhere,
    nearest,
    removal,
    versions,
)
from scaffold.schemas.elsewhere import flux_without, is_added, is_published, meant_group
from scaffold.schemas.explain import Flaw
from scaffold.schemas.validator import validate

__all__ = [
    "Flaw",
    "Removal",
    "VersionError",
    "api_versions",
    "builtin_kinds",
    "check",
    "crd_schemas",
    "flux_without",
    "groups",
    "has_group",
    "is_added",
    "is_builtin",
    "is_known_whole",
    "is_partial",
    "is_published",
    "is_version",
    "kinds",
    "kinds_of",
    "known_elsewhere",
    "meant_group",
    "nearest",
    "removal",
    "scope",
    "versions",
]

Own = Mapping[tuple[str, str], Any]
_NONE: Own = {}
_VERSION = re.compile(r"v\d+(?:(?:alpha|beta)\d+)?")


def check(manifest: Mapping[str, Any], version: str, own: Own = _NONE) -> list[Flaw] | None:
    """List what a server of a Kubernetes version would refuse in a manifest; None where its kind is unknown there.

    `version` is any text such as `v1.31.4-gke.100` (empty: the newest bundled); one that is not bundled is judged by
    `nearest`, and VersionError is raised for what is no version. `own` holds the schemas of `crd_schemas`, which come
    before the bundled ones. Of definitions that are bundled in part, whose release in the cluster nobody here knows,
    what another release may take is no flaw. Kustomization files are judged too, once they carry apiVersion and kind.
    """
    api_version, kind = str(manifest.get("apiVersion")), str(manifest.get("kind"))
    minor = nearest(version)
    if (api_version, kind) == ("v1", "List"):
        return _items(manifest, version, own)
    mine = own.get((api_version, kind))
    schema = mine or catalogue.find(api_version, kind, minor)
    if schema is None:
        return None
    encrypted = "sops" in manifest
    known = not encrypted or '"sops"' in schema.text  # as an operator that decrypts has it
    plain = manifest if known else {key: value for key, value in manifest.items() if key != "sops"}
    found = [flaw for flaw in validate(plain, schema.text) if not (encrypted and _encrypted(plain, flaw))]
    return (
        [flaw for flaw in found if flaw.is_slip] if not mine and catalogue.is_one_of_many(api_version, kind) else found
    )


def crd_schemas(crd: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield ((apiVersion, kind), schema) of a CustomResourceDefinition manifest, for `own`; none if it is malformed.

    A version that is there only to be read from the store is served to nobody.
    """
    versions = map(mapping, sequence(dig(crd, "spec", "versions")))
    unserved = {f"{dig(crd, 'spec', 'group')}/{item.get('name')}" for item in versions if item.get("served") is False}
    for api_version, kind, where, converted in structural.of_definition(crd):
        if api_version not in unserved:
            yield (api_version, kind), catalogue.bundle(converted, where)


def scope(api_version: str, kind: str, own: Own = _NONE) -> str | None:
    """Tell whether a kind is Namespaced or Cluster; None where it is not known, or is no object of a cluster."""
    schema = own.get((api_version, kind))
    return schema.scope if schema else catalogue.scope(api_version, kind)


def is_version(text: str) -> bool:
    """Tell whether a text is a version of an API, as `v1beta1` is, and no group."""
    return _VERSION.fullmatch(text) is not None


def _items(manifest: Mapping[str, Any], version: str, own: Own) -> list[Flaw]:
    return [
        flaw._replace(pointer=("items", index, *flaw.pointer))
        for index, item in enumerate(sequence(manifest.get("items")))
        for flaw in check(mapping(item), version, own) or ()
    ]


def _encrypted(manifest: Mapping[str, Any], flaw: Flaw) -> bool:
    return is_encrypted(dig(manifest, *flaw.pointer))
