"""The forms in which a document sets an image: one text, a name beside a tag and a digest, a patch, a parameter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.model import Image, Pointer

_NAMES = re.compile(r"(?P<prefix>.*?)(?P<name>[rR]epository|name|image)\Z")
_IMAGE_PATH = re.compile(r"/(?:initContainers|containers|ephemeralContainers)/[^/]+/image\Z|/image\Z")


class Found(NamedTuple):
    """An image that a document sets: what it is, and the scalars that have to be set to what for another version."""

    before: Image
    sets: dict[Pointer, str]


def found(value: Any, wanted: Image, pointer: Pointer = ()) -> Iterator[Found]:
    """Every place in a document where the wanted image is set, in whatever version."""
    if isinstance(value, Mapping):
        yield from _texts(value, wanted, pointer)
        yield from _apart(value, wanted, pointer)
        for key, item in value.items():
            if isinstance(item, (Mapping, list)):
                yield from found(item, wanted, (*pointer, str(key)))
    elif isinstance(value, list):
        yield from _parameters(value, wanted, pointer)
        for index, item in enumerate(value):
            if isinstance(item, (Mapping, list)):
                yield from found(item, wanted, (*pointer, index))
            elif pointer[-1:] == ("images",) and isinstance(item, str):
                yield from _short(item, wanted, (*pointer, index))


def _texts(value: Mapping[Any, Any], wanted: Image, pointer: Pointer) -> Iterator[Found]:
    """`image: name:tag`, and the value of a JSON patch of such a field."""
    for key, item in value.items():
        named = str(key).lower().endswith("image") or (key == "value" and _IMAGE_PATH.search(str(value.get("path"))))
        if named and isinstance(item, str) and not _sibling(value, "", "tag"):
            yield from _whole(item, wanted, (*pointer, str(key)))


def _whole(text: str, wanted: Image, pointer: Pointer, before: str = "") -> Iterator[Found]:
    """A name with a version, or alone, where perhaps somebody else completes it."""
    image = Image.of(text)
    if wanted.is_same(image.name):
        yield Found(image, {pointer: before + str(wanted._replace(name=image.name))})


def _short(text: str, wanted: Image, pointer: Pointer) -> Iterator[Found]:
    """An entry of Argo CD's `kustomize.images`: `name=other:tag` or `name:tag`."""
    name, equals, becomes = text.partition("=")
    return _whole(becomes if equals else name, wanted, pointer, name + equals if equals else "")


def _apart(value: Mapping[Any, Any], wanted: Image, pointer: Pointer) -> Iterator[Found]:
    """`repository: name` beside `tag` and `digest`, perhaps after a prefix, perhaps with a `registry`."""
    for key, item in value.items():
        parts = _NAMES.match(str(key)) if isinstance(item, str) else None
        if parts is None:
            continue
        tag = _sibling(value, parts["prefix"], "tag")
        digest = _sibling(value, parts["prefix"], "digest")
        name = _registered(value, parts["prefix"], item)
        if (tag or digest) and wanted.is_same(name):
            before = Image(name, _word(value.get(tag)), _word(value.get(digest)))
            yield Found(before, {(*pointer, key): text for key, text in versions(before, wanted, tag, digest).items()})


def _sibling(value: Mapping[Any, Any], prefix: str, word: str) -> str:
    names = (prefix + word, prefix + word.capitalize())
    return next((name for name in names if name in value and not isinstance(value[name], (Mapping, list))), "")


def _registered(value: Mapping[Any, Any], prefix: str, name: str) -> str:
    registry = value.get(_sibling(value, prefix, "registry") or "registry")
    return f"{registry}/{name}" if isinstance(registry, str) and registry else name


def _word(value: object) -> str:
    return "" if value is None else str(value)


def versions(before: Image, wanted: Image, tag: str, digest: str) -> dict[str, str]:
    """What the fields for tag and digest, empty where there is none, have to hold; a digest wins over a tag."""
    if wanted.digest and digest:
        return {digest: wanted.digest, **({tag: wanted.tag} if tag and wanted.tag else {})}
    if wanted.digest:
        return {tag: f"{wanted.tag or before.tag.partition('@')[0]}@{wanted.digest}"}
    if not tag:
        return {digest: ""}
    return {tag: wanted.tag, **({digest: ""} if before.digest else {})}


def _parameters(items: list[Any], wanted: Image, pointer: Pointer) -> Iterator[Found]:
    """Helm parameters, `name: image.tag` with `value: 1.2.3`, read as the values that they set."""
    places = {item["name"]: index for index, item in enumerate(items) if _is_parameter(item)}
    flat = {name: items[index]["value"] for name, index in places.items()}
    for one in found({name: value for name, value in flat.items() if isinstance(name, str)}, wanted):
        yield Found(one.before, {(*pointer, places[key[0]], "value"): text for key, text in one.sets.items()})


def _is_parameter(item: object) -> bool:
    return isinstance(item, Mapping) and isinstance(item.get("name"), str) and isinstance(item.get("value"), str)
