"""What an ApplicationSet makes of any cluster, where nobody tells which there are."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scaffold.expand.generation import GenerationError
from scaffold.expand.generators import Context
from scaffold.expand.go_values import TemplateError
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.model import dig, is_templated, mapping, sequence

_WORDS = ("", "another-")  # what depends on the cluster differs between them
_OF_CLUSTERS = "metadata"  # labels and annotations, which a template may ask for and do without
_Generate = Callable[[Mapping[str, Any], Mapping[str, Any], Context], Iterator[dict[str, Any]]]
_Drafts = tuple[dict[str, Any], ...]


def drafts(application_set: Mapping[str, Any], context: Context, generate: _Generate) -> _Drafts:
    """The applications of a cluster with what depends on it left open; none where that cannot be told apart."""
    spec = mapping(application_set.get("spec"))
    if context.go and _OF_CLUSTERS in json.dumps([spec.get("generators"), dig(spec, "template", "spec")], default=str):
        return ()
    try:
        one, other = (_all(application_set, dataclasses.replace(context, stand_in=word), generate) for word in _WORDS)
    except (GenerationError, TemplateError, UnverifiableError):
        return ()
    alike = len(one) == len(other) and all(map(_is_alike, one, other))
    return one if alike else ()


def _all(application_set: Mapping[str, Any], context: Context, generate: _Generate) -> _Drafts:
    items = sequence(dig(application_set, "spec", "generators"))
    return tuple(made for item in items for made in generate(mapping(item), application_set, context))


def _is_alike(one: Any, other: Any) -> bool:
    """Tell whether two are the same but for texts that are seen to be open."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_is_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_alike, one, other))
    return bool(one == other or (is_templated(one) and is_templated(other)))
