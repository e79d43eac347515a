"""What kustomize-controller 1.9 builds at a path (fluxcd/pkg/kustomize): the kustomization there, or a written one."""

from __future__ import annotations

import copy
import json
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from scaffold.model import Generated, Kustomization, Pointer, dig, mapping, sequence

_HEAD = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}
_RENAMED = {"targetNamespace": "namespace", "namePrefix": "namePrefix", "nameSuffix": "nameSuffix"}
_NOTHING = "_placeholder"  # a namespace keeps a kustomization without resources from being refused as empty
_Path = tuple[Pointer, str, str]


def listed(directory: str, files: Iterable[str], kustomizations: Iterable[str]) -> tuple[str, ...]:
    """The resources that are written for a directory without a kustomization, in order.

    `files` are all that the source leaves below the directory: every `.yaml` and `.yml` counts, hidden ones too, but a
    directory with a kustomization stands for all that is below it.
    """
    own = set(kustomizations) - {directory}
    found: dict[str, None] = {}
    for path in sorted(files, key=lambda path: path.split("/")):
        holder = _holder(directory, path, own)
        if holder is not None:
            found[holder] = None
        elif path.endswith((".yaml", ".yml")):
            found[path] = None
    return tuple(found)


def _holder(directory: str, path: str, own: set[str]) -> str | None:
    """The outermost directory between a directory and a file that has a kustomization."""
    parents = []
    parent = posixpath.dirname(path)
    while parent != directory and parent:
        parents.append(parent)
        parent = posixpath.dirname(parent)
    return next((item for item in reversed(parents) if item in own), None)


def generated(
    spec: Mapping[str, Any], directory: str, own: Kustomization | tuple[str, ...], exists: Callable[[str], bool]
) -> Generated:
    """The kustomization of a directory, or one of what is listed for it, with what a Kustomization adds to it."""
    document, paths = _begun(own)
    for field, becomes in _RENAMED.items():
        if isinstance(spec.get(field), str):
            document[becomes] = spec[field]
    document["patches"] = [*sequence(document.get("patches")), *_patches(spec)]
    components = list(_components(spec, directory, exists))
    first = len(sequence(document.get("components")))
    document["components"] = [*sequence(document.get("components")), *components]
    paths += [(("components", first + index), path, "") for index, path in enumerate(components)]
    document["images"] = _images(sequence(document.get("images")), sequence(spec.get("images")))
    return Generated({key: value for key, value in document.items() if value != []}, tuple(paths))


def _begun(own: Kustomization | tuple[str, ...]) -> tuple[dict[str, Any], list[_Path]]:
    if isinstance(own, tuple):
        found = {"resources": list(own)} if own else {"namespace": _NOTHING}
        return {**_HEAD, **found}, [(("resources", index), path, "") for index, path in enumerate(own)]
    document = {**_HEAD, **copy.deepcopy(dict(own.manifest.data))}
    if not document.get("resources"):
        document["buildMetadata"] = ["originAnnotations"]
    return document, [(r.pointer, r.target, _key(own, r.pointer)) for r in own.references if not r.remote]


def _key(own: Kustomization, pointer: Pointer) -> str:
    """The `key=` before the path of a generator's file."""
    text = str(own.manifest.get(*pointer))
    return text.partition("=")[0] + "=" if "files" in pointer and "=" in text else ""


def _patches(spec: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in sequence(spec.get("patches")):
        target = mapping(dig(item, "target"))
        yield {"patch": dig(item, "patch") or "", **({"target": dict(target)} if target else {})}
    for item in sequence(spec.get("patchesStrategicMerge")):
        yield {"patch": json.dumps(item)}
    for item in sequence(spec.get("patchesJson6902")):
        yield {"patch": json.dumps(dig(item, "patch")), "target": dict(mapping(dig(item, "target")))}


def _components(spec: Mapping[str, Any], directory: str, exists: Callable[[str], bool]) -> Iterator[str]:
    for text in sequence(spec.get("components")):
        if isinstance(text, str):
            path = posixpath.normpath(posixpath.join(directory, text))
            if exists(path) or not spec.get("ignoreMissingComponents"):
                yield path


def _images(own: list[Any], told: list[Any]) -> list[Any]:
    """An image that the directory names too is changed field by field; tag and digest are one."""
    images = [dict(mapping(item)) for item in own]
    for item in told:
        new = {key: value for key, value in mapping(item).items() if value}
        same = next((image for image in images if image.get("name") == new.get("name")), None)
        if same is None:
            images.append(new)
            continue
        if "newTag" in new or "digest" in new:
            same.pop("newTag", None)
            same.pop("digest", None)
        same.update(new)
    return images
