"""Whether the kustomize-controller that a repository installs stops at a variable that is not set, as 1.9 does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scaffold.assemble import patched
from scaffold.model import Manifest, Repository, dig, mapping
from scaffold.model.values import text

_NAME = "kustomize-controller"
_IMAGE = re.compile(rf"/{_NAME}:v?(\d+)\.(\d+)\b")
_FLUX = re.compile(r"[v=~^]*2\.(\d+)\b")
_ARTIFACT = re.compile(r"/flux-operator-manifests:v0\.(\d+)\.")
_GATE = "StrictPostBuildSubstitutions="
_SINCE, _SINCE_FLUX, _SINCE_OPERATOR = (1, 9), 9, 53


def controllers(repository: Repository) -> list[str]:
    """The files that declare the controller."""
    files = repository.files.items()
    return sorted(path for path, file in files if any((h.kind, h.name) == ("Deployment", _NAME) for h in file.heads))


def is_strict(repository: Repository, everything: Iterable[Manifest], installed: Iterable[str]) -> bool:
    """Tell whether one that is strict runs anywhere; where nothing says which one runs, it is the newest."""
    instances = [*_instances(everything)]
    gates = "".join((*_patches(repository), *map(str, instances)))
    told = [*_told(instances, installed)]
    if f"{_GATE}true" in gates or f"{_GATE}false" in gates:
        return f"{_GATE}true" in gates
    return not told or any(told)


def _patches(repository: Repository) -> Iterator[str]:
    for item in repository.kustomizations.values():
        yield from (str(item.manifest.get(field)) for field in patched.FIELDS if field in item.manifest.data)


def _instances(everything: Iterable[Manifest]) -> Iterator[Mapping[str, Any]]:
    """What is said of every FluxInstance, be it by the values of its chart."""
    for manifest in everything:
        if manifest.kind == "FluxInstance":
            yield mapping(manifest.get("spec"))
        elif manifest.kind == "HelmRelease" and manifest.get("spec", "values", "instance", "distribution"):
            yield mapping(manifest.get("spec", "values", "instance"))


def _told(instances: Iterable[Mapping[str, Any]], installed: Iterable[str]) -> Iterator[bool]:
    for whole in installed:
        if found := _IMAGE.search(whole):
            yield (int(found[1]), int(found[2])) >= _SINCE or f"{_GATE}true" in whole
    for instance in instances:
        if found := _FLUX.match(text(dig(instance, "distribution", "version"))):
            yield int(found[1]) >= _SINCE_FLUX
        elif found := _ARTIFACT.search(text(dig(instance, "distribution", "artifact"))):
            yield int(found[1]) >= _SINCE_OPERATOR
