"""What Flux builds to manifests: built as kustomize-controller does, variables substituted, common metadata set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import parse
from scaffold.assemble.flux.builds import of
from scaffold.expand.flux import substitution
from scaffold.model import Manifest, Overlay, Pointer, Refusal, Repository, Variables, dig, mapping
from scaffold.render import RenderError
from scaffold.render.builders import Builder
from scaffold.render.generated import print_many


class Made(NamedTuple):
    """The objects of an overlay, and why some of them stop it."""

    manifests: tuple[Manifest, ...]
    refused: tuple[Refusal, ...] = ()


def built(
    builder: Builder, root: Path, repository: Repository, overlays: Sequence[Overlay]
) -> dict[str, list[str] | RenderError]:
    """What each overlay prints, object by object, before anything is substituted."""
    wanted = {
        overlay.name: (overlay.path, of(repository, overlay.path, overlay.build))
        for overlay in overlays
        if overlay.build
    }
    return print_many(builder, root, wanted)


def made(overlay: Overlay, texts: Sequence[str]) -> Made:
    """The objects that the cluster gets; one whose variables cannot be substituted is left as it is and named."""
    assert overlay.build is not None
    refused: list[Refusal] = []
    metadata = mapping(overlay.build.manifest.get("spec", "commonMetadata"))
    manifests = []
    for text, data in zip(texts, _parsed(texts), strict=True):
        found = data
        if overlay.build.variables is not None and "$" in text and not substitution.is_switched_off(data):
            found = _substituted(text, data, overlay.build.variables, refused)
        manifests.append(Manifest(_with(found, metadata), "", overlay=overlay.name or "."))
    return Made(tuple(manifests), tuple(refused))


def _parsed(texts: Sequence[str]) -> list[dict[str, Any]]:
    try:
        items = parse.rendered("---\n".join(texts))
    except parse.YamlError as error:
        raise RenderError(f"the result is not YAML, {error.problem}") from error
    if len(items) != len(texts) or not all(isinstance(item, dict) for item in items):
        raise RenderError("the result holds something that is no object")
    return items


def _substituted(text: str, data: dict[str, Any], variables: Variables, refused: list[Refusal]) -> dict[str, Any]:
    identity = Manifest(data, "").identity
    try:
        whole = parse.parse(substitution.substitute(text, variables)).documents
    except substitution.SubstitutionError as error:
        refused.append(Refusal(identity, str(error), error.name, error.text, _holding(data, error.text)))
        return data
    except parse.YamlError as error:
        if not substitution.leaves_open(text, variables):  # else what nobody knows here may be what makes it YAML
            refused.append(Refusal(identity, f"the result is not YAML, {error.problem}", "", ""))
        return data
    if len(whole) == 1 and isinstance(whole[0], dict):
        # What the definitions of Flux themselves say of variables is text that nobody reads.
        told = variables.strict or data.get("kind") == "CustomResourceDefinition"
        empty = None if told else substitution.unset(text, variables)
        if empty:
            pointer = _holding(data, empty.text)
            named = Manifest(whole[0], "").identity
            refused.append(Refusal(named, "it is empty", empty.name, empty.text, pointer, stops=False))
        return whole[0]
    refused.append(Refusal(identity, "the result is no single object", "", ""))
    return data


def _holding(data: Any, text: str) -> Pointer:
    """The field that holds an expression; that of the object where it is in a key."""
    return next(_places(data, text, ()), ("kind",)) if text else ("kind",)


def _places(value: Any, text: str, pointer: Pointer) -> Iterator[Pointer]:
    if isinstance(value, str):
        if substitution.holds(value, text):
            yield pointer
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from _places(item, text, (*pointer, key))


def _with(data: dict[str, Any], common: Mapping[str, Any]) -> dict[str, Any]:
    """An object with labels and annotations that win over its own."""
    metadata = dict(mapping(data.get("metadata")))
    for field in ("labels", "annotations"):
        if mapping(common.get(field)):
            metadata[field] = {**mapping(metadata.get(field)), **common[field]}
    return {**data, "metadata": metadata} if common else data


def is_open(manifest: Manifest, pointer: Sequence[str | int]) -> bool:
    """Tell whether a field still holds a variable, so that nobody knows what the cluster gets there."""
    return any("${" in text for text in _texts(dig(manifest.data, *pointer)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (str(key) for key in value)
