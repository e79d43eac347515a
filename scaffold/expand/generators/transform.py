"""Runs one item of `spec.generators`: its kinds one after the other, each filtered by the item's selector."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from scaffold.expand import fast_templates
from scaffold.expand.generation import GenerationError
from scaffold.expand.generators import clusters, combining, git, listing
from scaffold.expand.generators.context import Context, Parameters, interpolate
from scaffold.expand.merges import underlay
from scaffold.expand.selectors import Selector
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.model import mapping

_TERMINAL: dict[str, Callable[[Mapping[str, Any], Context], list[Parameters]]] = {
    "list": listing.parameters,
    "clusters": clusters.parameters,
    "git": git.parameters,
}
_COMBINING: dict[str, Callable[[Mapping[str, Any], Context, combining.Run], list[Parameters]]] = {
    "matrix": combining.matrix,
    "merge": combining.merge,
}
_OUTSIDE = ("scmProvider", "clusterDecisionResource", "pullRequest", "plugin")
_ORDER = ("list", "clusters", "git", *_OUTSIDE[:3], "matrix", "merge", "plugin")
_DEEPEST = 2  # a matrix in a matrix; deeper ones are no generators to Argo CD
_WHOLE = frozenset(("valuesObject",))


class ParameterSets(NamedTuple):
    """The parameters of one generator, and the template they go to."""

    template: dict[str, Any]
    parameters: list[Parameters]


def transform(item: Mapping[str, Any], template: Mapping[str, Any], context: Context) -> list[ParameterSets]:
    """Run a top-level generator; raise GenerationError, TemplateError or UnverifiableError."""
    found = []
    for kind, parameters in _run(item, {}, context, 0):
        merged = copy.deepcopy(dict(mapping(mapping(item[kind]).get("template"))))
        underlay(merged, copy.deepcopy(dict(template)), _WHOLE)
        found.append(ParameterSets(merged, parameters))
    return found


def _run(
    item: Mapping[str, Any], given: Parameters, context: Context, depth: int
) -> list[tuple[str, list[Parameters]]]:
    selector = Selector.of(item.get("selector"))
    found = []
    for kind in _kinds(item, depth):
        body = mapping((interpolate(item, given, context) if given else item)[kind])
        parameters = _generate(kind, body, context, depth)
        found.append(
            (kind, [p for p in parameters if selector is None or selector.matches(fast_templates.flat_text(p))])
        )
    return found


def _kinds(item: Mapping[str, Any], depth: int) -> list[str]:
    return [kind for kind in _ORDER if item.get(kind) is not None and (kind not in _COMBINING or depth < _DEEPEST)]


def _generate(kind: str, body: Mapping[str, Any], context: Context, depth: int) -> list[Parameters]:
    if kind in _OUTSIDE:
        raise UnverifiableError(f"the generator '{kind}' asks a service")
    if kind in _TERMINAL:
        return _TERMINAL[kind](body, context)
    return _COMBINING[kind](body, context, partial(_child, context=context, depth=depth + 1))


def _child(item: Mapping[str, Any], given: Parameters, *, context: Context, depth: int) -> list[Parameters]:
    """Run a generator inside a matrix or a merge: exactly one kind."""
    found = _run(item, given, context, depth)
    if not found:
        raise GenerationError("child generator generated no parameters")
    if len(found) > 1:
        raise GenerationError("found more than one generator in matrix.Generators")
    return found[0][1]
