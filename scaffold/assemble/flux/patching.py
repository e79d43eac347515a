"""What patches for Kustomizations of Flux do: those of a cluster, and those of the operator that begins one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scaffold import parse
from scaffold.expand import regexes
from scaffold.expand.merges import merge_patch
from scaffold.model import FluxCluster, Manifest, mapping, sequence
from scaffold.model.flux import SYNC


def are_patched(clusters: Iterable[FluxCluster]) -> bool:
    """Tell whether a patch has Kustomizations for a target, and no name."""
    return any(_patches(sync.manifest) for cluster in clusters for sync in cluster.syncs)


def _patches(maker: Manifest) -> bool:
    patches = map(mapping, sequence(maker.get("spec", "patches")))
    targets = [mapping(patch.get("target")) for patch in patches]
    return any(target.get("kind") == SYNC[1] and not target.get("name") for target in targets)


def patched(data: Mapping[str, Any], patches: Iterable[Any]) -> Mapping[str, Any]:
    """The Kustomization that an operator makes, with what its patches say of it; those that are broken say nothing."""
    name = str(mapping(data["metadata"]).get("name"))
    for patch in map(mapping, patches):
        target = mapping(patch.get("target"))
        for part in _parts(patch.get("patch")):
            kind = target.get("kind") or part.get("kind")
            named = target.get("name") or mapping(part.get("metadata")).get("name")
            if kind == SYNC[1] and (not named or regexes.fits(str(named), name)):
                data = merge_patch(data, {"spec": mapping(part.get("spec"))})
    return data


def _parts(text: Any) -> Iterator[Mapping[str, Any]]:
    """What a patch sets, as parts of an object; operations on elements of lists are none."""
    try:
        documents = parse.parse(text).documents if isinstance(text, str) else ()
    except parse.YamlError:
        return  # of which another rule speaks
    for document in documents:
        if isinstance(document, list):
            yield from filter(None, map(_operated, map(mapping, document)))
        else:
            yield mapping(document)


def _operated(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    steps = str(operation.get("path")).split("/")[1:]
    if operation.get("op") not in ("add", "replace") or any(step == "-" or step.isdigit() for step in steps):
        return {}
    value = operation.get("value")
    for step in reversed(steps):
        value = {step.replace("~1", "/").replace("~0", "~"): value}
    return mapping(value)
