"""With which variables a Kustomization is built, as far as files say."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scaffold.expand.flux.substitution import is_name
from scaffold.model import Build, Manifest, Place, Variables, dig, mapping, sequence
from scaffold.model.flux import Reference
from scaffold.model.values import text

_MAKERS = {"ExternalSecret": ("spec", "target", "name"), "SealedSecret": ("spec", "template", "metadata", "name")}


def sources(manifest: Manifest) -> Iterator[tuple[int, Reference, bool]]:
    """What a Kustomization takes variables from: position, object, and whether it may be missing."""
    for index, item in enumerate(sequence(manifest.get("spec", "postBuild", "substituteFrom"))):
        reference = Reference(text(dig(item, "kind")), manifest.namespace, text(dig(item, "name")))
        yield index, reference, dig(item, "optional") is True


def of(manifest: Manifest, known: Mapping[Reference, Manifest], *, strict: bool = True) -> Variables | None:
    """The variables of a Kustomization; None where it substitutes nothing."""
    told = mapping(manifest.get("spec", "postBuild"))
    values: dict[str, str | None] = {}
    misnamed: dict[str, Place] = {}
    complete = True
    for _, reference, _ in sources(manifest):
        found = known.get(reference)
        if found is None:
            complete = False
            continue
        values.update(_data(found))
        misnamed.update(_misnamed(found))
        complete = complete and found.kind in ("ConfigMap", "Secret") and "${" not in reference.name
    substitute, given = mapping(told.get("substitute")), dict(values)
    values.update({str(key): _line(value) for key, value in substitute.items()})
    if not values and complete and told.get("substituteStrategy") != "Always":
        return None
    return Variables(values, complete, strict, misnamed, given)


def _misnamed(manifest: Manifest) -> Iterator[tuple[str, Place]]:
    for field in ("data", "stringData") if manifest.path else ():
        for key in map(str, mapping(manifest.get(field))):
            if not is_name(key):
                yield key, manifest.place(field, key, at_key=True)


def _data(manifest: Manifest) -> Iterator[tuple[str, str | None]]:
    encrypted = bool(manifest.get("sops"))
    for key, value in mapping(manifest.get("data")).items():
        plain = value if manifest.kind == "ConfigMap" else _decoded(value)
        yield str(key), None if encrypted else _line(plain)
    for key, value in mapping(manifest.get("stringData")).items():
        yield str(key), None if encrypted else _line(value)


def _decoded(value: object) -> str | None:
    try:
        return base64.b64decode(value, validate=True).decode() if isinstance(value, str) else None
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def _line(value: object) -> str | None:
    """A value in one line, as the engine has it; one that holds a variable itself is not known."""
    if not isinstance(value, str) or "${" in value:
        return None
    return value.replace("\n", "")


def beside(builds: Iterable[Build]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Of several builds of one directory, the first cluster that sets each variable, and what all of them set."""
    told = sorted((build.cluster, sorted(build.variables.values)) for build in builds if build.variables)
    first = {name: cluster for cluster, names in reversed(told) for name in names}
    common = set.intersection(*(set(names) for _, names in told)) if told else set()
    return {name: first[name] for name in sorted(first)}, tuple(sorted(common))


def wanted(manifests: Iterable[Manifest]) -> frozenset[str]:
    """The names of all objects that any Kustomization takes variables from."""
    return frozenset(reference.name for manifest in manifests for _, reference, _ in sources(manifest))


def made(manifest: Manifest) -> Reference | None:
    """The ConfigMap or Secret that an object is, or that a controller makes of it."""
    if manifest.api_version == "v1" and manifest.kind in ("ConfigMap", "Secret"):
        return Reference(manifest.kind, manifest.namespace, manifest.name)
    if manifest.kind in _MAKERS:
        name: Any = manifest.get(*_MAKERS[manifest.kind])
        return Reference("Secret", manifest.namespace, text(name) or manifest.name)
    return None
