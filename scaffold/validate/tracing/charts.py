"""The place of a rendered chart's field, as far as values tell."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import Manifest, Overlay, Place, Pointer, dig
from scaffold.validate.tracing import lines
from scaffold.validate.tracing.setters import parts
from scaffold.validate.tracing.texts import Texts


def source(texts: Texts, overlay: Overlay, manifest: Manifest, pointer: Pointer, *, at_key: bool = False) -> Place:
    """The template, where it has the value itself; else the values file that holds it, the overlay's own first."""
    value = manifest.get(*pointer)
    templated = Place(manifest.path, manifest.document, pointer, at_key)
    if value is not None and manifest.path and dig(_template(texts, manifest), *pointer) == value:
        return templated
    document = _template(texts, manifest)
    written = texts.lines(manifest.path) if dig(document, *pointer[:-1]) is None and manifest.path else []
    found = lines.of_value(written, manifest, pointer, at_key=at_key) or _of_values(texts, overlay, pointer, value)
    found = found or lines.of_key(written, manifest, pointer, at_key=at_key)
    if found or document is not None:
        return found or templated
    below = Place(posixpath.join(overlay.path, "Chart.yaml"), 0, ("dependencies", 0))
    return lines.of_kind(written, manifest) or below


def given(overlay: Overlay, manifest: Manifest, pointer: Pointer, place: Place) -> str:
    """The parameter that gives the tag of an image whose name stands at a place in values: it wins over them."""
    parameters = overlay.release.parameters if overlay.release else ()
    tag = parts(str(manifest.get(*pointer)))[1] if pointer[-1] == "image" else ""
    own = place.path in _given_files(overlay)
    told = ".".join(map(str, (*place.pointer[:-1], "tag"))) if own else ""
    return next((each.name for each in parameters if tag and (each.name, each.value) == (told, tag)), "")


def _of_values(texts: Texts, overlay: Overlay, pointer: Pointer, value: Any) -> Place | None:
    """The field of a values file that has the value, if any: the one of the same key before others."""
    if value in ("", None) or isinstance(value, Mapping | list):
        return None
    wanted = [value, *(part for part in parts(str(value)) if part)] if pointer[-1] == "image" else [value]
    for path in _value_files(overlay):
        for number, document in enumerate(texts.documents(path)):
            candidates = _leaves(document, ())
            held = [(place, leaf) for place, leaf in candidates if any(leaf is one or leaf == one for one in wanted)]
            leaves = [place for place, _ in sorted(held, key=lambda each: wanted.index(each[1]))]
            found = next((place for place in leaves if place[-1] == pointer[-1]), leaves[0] if leaves else None)
            if found is not None and (isinstance(value, str) or found[-1] == pointer[-1]):
                return Place(path, number, found)
    return None


def _template(texts: Texts, manifest: Manifest) -> Any:
    documents = texts.template(manifest.path)
    return documents[manifest.document] if manifest.document < len(documents) else None


def _given_files(overlay: Overlay) -> list[str]:
    """The values that a parameter of the release is about: those that it is given, and its chart's own."""
    return [*(overlay.release.value_files if overlay.release else ()), posixpath.join(overlay.path, "values.yaml")]


def _value_files(overlay: Overlay) -> list[str]:
    """Those that the release is given, the last of which wins, then those that charts have: its own first."""
    given = overlay.release.value_files[::-1] if overlay.release else ()
    own = [path for path in overlay.reads if posixpath.basename(path) == "values.yaml" and path not in given]
    return [*given, *sorted(own, key=lambda path: posixpath.dirname(path) != overlay.path)]


def _leaves(value: Any, pointer: Pointer) -> Iterator[tuple[Pointer, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, (*pointer, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, (*pointer, index))
    elif pointer:
        yield pointer, value
