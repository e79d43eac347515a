"""Manifests of several environments become a base and overlays: what is equal once, what differs as patches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import parse
from scaffold.adopt.nouns import HEAD, Made, Objects
from scaffold.adopt.patching import operations
from scaffold.model import Image, Manifest, dig, mapping
from scaffold.staging import Content

_UNSAFE = re.compile(r"[^a-z0-9.]+")
Key = tuple[str, str, str]


def ways(before: Mapping[str, Objects], notes: tuple[str, ...]) -> Iterator[Made]:
    """Ways to write the application, the best one first; the last one patches nothing, so that it is always right."""
    yield Made(_files(before, images=True), before, {"source": "adopted"}, notes=notes)
    yield Made(_files(before, images=False), before, {"source": "adopted"}, notes=notes)
    yield Made(_apart(before), before, {"source": "adopted"}, notes=notes)


def _files(before: Mapping[str, Objects], *, images: bool) -> dict[str, Content]:
    keyed = {name: {_key(item): item for item in objects} for name, objects in before.items()}
    first = next(iter(keyed.values()))
    common = [key for key in first if all(key in objects for objects in keyed.values())]
    if not common:
        return _apart(before)
    files = _written("base", [first[key] for key in common], {})
    for name, objects in keyed.items():
        own = [item for key, item in objects.items() if key not in common]
        shared = {key: (first[key], objects[key]) for key in common}
        extra = _namespaced(objects, first) | _differing(shared, images=images)
        files.update(_written(f"overlays/{name}", own, extra, "../../base"))
    return files


def _key(item: Mapping[str, Any]) -> Key:
    """What tells the objects of one environment apart; namespaces differ between environments."""
    found = Manifest(item, "").identity
    return found.group, found.kind, found.name


def _namespaced(objects: Mapping[Key, Mapping[str, Any]], first: Mapping[Key, Mapping[str, Any]]) -> dict[str, Any]:
    """The namespace of an environment, where all its objects are in one that is not the base's."""
    own, base = ({dig(item, "metadata", "namespace") for item in side.values()} for side in (objects, first))
    if len(own) == len(base) == 1 and own != base and None not in own | base:
        return {"namespace": own.pop()}
    return {}


def _differing(pairs: Mapping[Key, tuple[Mapping[str, Any], Mapping[str, Any]]], *, images: bool) -> dict[str, Any]:
    """Fields of a kustomization that make the first of each pair the second."""
    found: dict[str, Image] = {}
    patches = []
    for key, (one, other) in pairs.items():
        base = one
        if images:
            base = _with_images(one, other, found)
        made = list(operations(_without_namespace(base, other), other))
        if made:
            target = {name: text for name, text in zip(("group", "kind", "name"), key, strict=True) if text}
            patches.append({"target": target, "patch": parse.printed(made)})
    entries = [_entry(image) for _, image in sorted(found.items())]
    return {**({"images": entries} if entries else {}), **({"patches": patches} if patches else {})}


def _without_namespace(one: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object in the namespace of the other, where both have one: the kustomization sets that."""
    there = dig(other, "metadata", "namespace")
    if there is None or dig(one, "metadata", "namespace") is None:
        return one
    return {**one, "metadata": {**mapping(one.get("metadata")), "namespace": there}}


def _with_images(one: Mapping[str, Any], other: Mapping[str, Any], found: dict[str, Image]) -> Mapping[str, Any]:
    """The object with the image versions of the other, noted in `found`."""
    result: Any = one
    for pointer, image in _images(other):
        before = Image.of(str(dig(one, *pointer)))
        if before.name == image.name and before != image and found.setdefault(image.name, image) == image:
            result = _replaced(result, pointer, str(image))
    return result if isinstance(result, Mapping) else one


def _images(item: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Image]]:
    for pointer, container in Manifest(item, "").containers():
        if isinstance(container.get("image"), str):
            yield (*pointer, "image"), Image.of(container["image"])


def _replaced(value: Any, pointer: tuple[str | int, ...], text: str) -> Any:
    if not pointer:
        return text
    key, rest = pointer[0], pointer[1:]
    if isinstance(value, list):
        return [_replaced(item, rest, text) if index == key else item for index, item in enumerate(value)]
    return {name: _replaced(item, rest, text) if name == key else item for name, item in value.items()}


def _entry(image: Image) -> dict[str, str]:
    version = {key: text for key, text in (("newTag", image.tag), ("digest", image.digest)) if text}
    return {"name": image.name, **version}


def _apart(before: Mapping[str, Objects]) -> dict[str, Content]:
    """Every environment for itself."""
    files: dict[str, Content] = {}
    for name, objects in before.items():
        files.update(_written(f"overlays/{name}", objects, {}))
    return files


def _written(directory: str, objects: Objects, extra: Mapping[str, Any], *resources: str) -> dict[str, Content]:
    """A kustomization with a file for each of its objects."""
    files: dict[str, Content] = {}
    for item in objects:
        files[f"{directory}/{_name(item, directory, files)}"] = _content(item)
    names = [path.removeprefix(f"{directory}/") for path in files]
    document = {**HEAD, "resources": [*resources, *names], **extra}
    files[f"{directory}/kustomization.yaml"] = Content(parse.written(document).encode())
    return files


def _name(item: Mapping[str, Any], directory: str, files: Mapping[str, Content]) -> str:
    words = f"{item.get('kind')}-{dig(item, 'metadata', 'name')}".lower()
    stem = _UNSAFE.sub("-", words).strip("-.")
    names = (f"{stem}{f'-{number}' if number > 1 else ''}.yaml" for number in range(1, len(files) + 2))
    return next(name for name in names if f"{directory}/{name}" not in files)


def _content(item: Mapping[str, Any]) -> Content:
    return Content(parse.written(item).encode())
