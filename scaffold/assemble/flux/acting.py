"""The accounts as which Flux's controllers act for objects that name none, where they are told any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from scaffold.expand import regexes
from scaffold.model import Kustomization, Manifest, mapping, sequence
from scaffold.model.values import text

_CONTROLLERS = {"HelmRelease": "helm-controller", "Kustomization": "kustomize-controller"}
_ARGUMENT = re.compile(r"--default-service-account=([a-z0-9][a-z0-9.-]*)")
_DEFAULT = "default"  # of an instance with tenants


def accounts(objects: Iterable[Manifest], kustomizations: Iterable[Kustomization]) -> dict[str, str]:
    """The account of each kind; what patches say in two ways is not known."""
    patches = [patch for item in kustomizations for patch in sequence(item.manifest.get("patches"))]
    told = {_tenants(each) for each in objects if each.kind == "FluxInstance"} - {""}
    for each in objects:
        patches += (*sequence(each.get("spec", "patches")), *sequence(each.get("spec", "kustomize", "patches")))
    found = {kind: told | set(_named(patches, name)) for kind, name in _CONTROLLERS.items()}
    return {kind: next(iter(names)) for kind, names in found.items() if len(names) == 1}


def _tenants(instance: Manifest) -> str:
    """The account that the operator gives to the controllers of an instance with tenants (flux-operator 0.58)."""
    cluster = mapping(instance.get("spec", "cluster"))
    return (text(cluster.get("tenantDefaultServiceAccount")) or _DEFAULT) if cluster.get("multitenant") is True else ""


def _named(patches: Iterable[Any], controller: str) -> Iterator[str]:
    for patch in map(mapping, patches):
        target, said = mapping(patch.get("target")), text(patch.get("patch"))
        name = text(target.get("name"))
        if regexes.fits(name, controller) if name else controller in said:
            yield from (m[1] for line in said.splitlines() for m in [_ARGUMENT.search(line.partition("#")[0])] if m)
