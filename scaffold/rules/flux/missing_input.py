"""A template of a ResourceSet reads an input that is not given.

With inputs of its own alone a ResourceSet fails as a whole where one of them lacks a key that is read.

Fails:

    # tenants/all.yaml
    apiVersion: fluxcd.controlplane.io/v1
    kind: ResourceSet
    metadata:
      name: shop
      namespace: tenants
    spec:
      inputs:
        - tenant: north
      resources:
        - apiVersion: v1
          kind: ConfigMap
          metadata:
            name: shop-<< inputs.tenant >>
            namespace: tenants
          data:
            region: << inputs.region | quote >>

Passes:

    # tenants/all.yaml
    apiVersion: fluxcd.controlplane.io/v1
    kind: ResourceSet
    metadata:
      name: shop
      namespace: tenants
    spec:
      inputs:
        - tenant: north
          region: europe
      resources:
        - apiVersion: v1
          kind: ConfigMap
          metadata:
            name: shop-<< inputs.tenant >>
            namespace: tenants
          data:
            region: << inputs.region | quote >>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scaffold.model import Finding, Manifest, Pointer, Repository, Severity, mapping, sequence

ID = "missing-input"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_READ = re.compile(r"<<-?\s*inputs\.(\w+)[^<>]*>>")
_CONTROL = re.compile(r"<<-?\s*(?:(?:if|with|range|else|define|template|block|end)\b|/\*)")
_GIVEN = frozenset(("id", "provider"))  # by the operator itself


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the first place of every such input, but in resources that a condition may leave out."""
    for cluster in repository.flux:
        for manifest in cluster.of_kinds("ResourceSet"):
            seen = set(_GIVEN)
            for pointer, name in _read(manifest) if _is_told(manifest) else ():
                if name not in seen and not all(name in entry for entry in _inputs(manifest)):
                    seen.add(name)
                    fact = f"ResourceSet {manifest.name!r} reads input {name!r}, which not every entry of inputs gives"
                    place = manifest.place("spec", *pointer)
                    yield Finding(place, ID, f"{fact}; give it", SEVERITY, subject=f"{manifest.name}/{name}")


def _inputs(manifest: Manifest) -> list[Any]:
    return [mapping(entry) for entry in sequence(manifest.get("spec", "inputs"))]


def _is_told(manifest: Manifest) -> bool:
    """Tell whether all inputs are its own, each a set by itself."""
    others = manifest.get("spec", "inputsFrom") or manifest.get("spec", "inputStrategy", "name") == "Permute"
    return bool(_inputs(manifest)) and not others


def _read(manifest: Manifest) -> Iterator[tuple[Pointer, str]]:
    for index, resource in enumerate(sequence(manifest.get("spec", "resources"))):
        texts = list(_texts(resource, ("resources", index)))
        if not any(_CONTROL.search(text) for _, text in texts):
            yield from ((pointer, found[1]) for pointer, text in texts for found in _READ.finditer(text))


def _texts(value: Any, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    """Every text in a tree, with its pointer; keys are left out."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*pointer, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*pointer, index))
