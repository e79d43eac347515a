"""Helm values in layers: where the winning one says which image, and where this environment may say another version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from scaffold import edit
from scaffold.bump import forms
from scaffold.bump.edits import Edit, Spot
from scaffold.model import Image, Pointer, dig, layered, mapping


class Layer(NamedTuple):
    """Values at a pointer of a document; `owned` tells whether they may be changed."""

    spot: Spot
    pointer: Pointer
    values: Mapping[str, Any]
    owned: bool


class Wish(NamedTuple):
    """An image in the merged values: what sets it, what it is, the edits, or none where nothing may be changed."""

    layer: Layer
    sets: Mapping[Pointer, str]
    before: Image
    edits: tuple[Edit, ...] | None

    @property
    def pointer(self) -> Pointer:
        return next(iter(self.sets))


def wishes(layers: Sequence[Layer], wanted: Image) -> Iterator[Wish]:
    """Every place of the wanted image in the merged values; the first layer is the lowest."""
    winning = together(layers)
    for found in forms.found(winning, wanted):
        if not found.before.version:
            continue
        edits: list[Edit] = []
        possible = True
        for pointer, text in found.sets.items():
            made = list(_edits(layers, winning, pointer, text))
            possible = possible and bool(made or dig(winning, *pointer) == text)
            edits += made
        pointer = next(iter(found.sets))
        yield Wish(_setter(layers, pointer), found.sets, found.before, tuple(edits) if possible else None)


def together(layers: Sequence[Layer]) -> Mapping[str, Any]:
    """The values that win; the first layer is the lowest."""
    return layered(layer.values for layer in layers)


def _edits(layers: Sequence[Layer], winning: Mapping[str, Any], pointer: Pointer, text: str) -> Iterator[Edit]:
    """Change the value wherever it is owned; where what is not owned wins or nothing sets it, add it on top."""
    setter = _setter(layers, pointer)
    for layer in layers:
        if layer.owned and _has(layer, pointer):
            yield Edit(layer.spot, edit.Set(layer.spot.document, (*layer.pointer, *pointer), text))
    if (setter.owned and _has(setter, pointer)) or dig(winning, *pointer) == text:
        return
    above = [layer for layer in layers[layers.index(setter) :] if layer.owned]
    if above and all(isinstance(part, str) for part in pointer):
        yield Edit(above[-1].spot, _added(above[-1], pointer, text))


def _setter(layers: Sequence[Layer], pointer: Pointer) -> Layer:
    return next((layer for layer in reversed(layers) if _has(layer, pointer)), layers[0])


def _has(layer: Layer, pointer: Pointer) -> bool:
    parent = dig(layer.values, *pointer[:-1])
    last = pointer[-1]
    if isinstance(parent, list):
        return isinstance(last, int) and last < len(parent)
    return last in mapping(parent)


def _added(layer: Layer, pointer: Pointer, text: str) -> edit.Add:
    """The value with the mappings on its way that are not there yet."""
    depth = 0
    while isinstance(dig(layer.values, *pointer[: depth + 1]), Mapping):
        depth += 1
    value: Any = text
    for part in reversed(pointer[depth + 1 :]):
        value = {part: value}
    return edit.Add(layer.spot.document, (*layer.pointer, *pointer[: depth + 1]), value)
