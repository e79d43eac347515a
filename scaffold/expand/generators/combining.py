"""The matrix and the merge generator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scaffold.expand.generation import GenerationError
from scaffold.expand.generators.context import Context, Parameters
from scaffold.expand.go_templates.functions.encoding import to_json
from scaffold.expand.go_values import show
from scaffold.expand.merges import overlay
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.model import mapping, sequence

_MOST = 20_000  # sets of parameters; a larger product is not resolved
Run = Callable[[Mapping[str, Any], Parameters], list[Parameters]]


def matrix(body: Mapping[str, Any], context: Context, run: Run) -> list[Parameters]:
    """Every set of the first generator with every set of the second, which sees the first one's parameters."""
    children = [mapping(child) for child in sequence(body.get("generators"))]
    if len(children) != 2:
        word = "more" if len(children) > 2 else "less"
        raise GenerationError(f"found {word} than two generators, Matrix support only two")
    found: list[Parameters] = []
    for first in run(children[0], {}):
        combine = _combined if context.go else _combined_text
        found += [combine(first, second) for second in run(children[1], first)]
        if len(found) > _MOST:
            raise UnverifiableError(f"a matrix of more than {_MOST} sets of parameters")
    return found


def _combined(first: Parameters, second: Parameters) -> Parameters:
    combined: Parameters = {}
    overlay(combined, second)
    overlay(combined, first)
    return combined


def _combined_text(first: Parameters, second: Parameters) -> Parameters:
    combined: Parameters = {key: show(value) for key, value in first.items()}
    for key, value in second.items():
        text = show(value)
        if combined.setdefault(key, text) != text:
            raise GenerationError(f"found duplicate key {key} with different value, a: {combined[key]}, b: {text}")
    return combined


def merge(body: Mapping[str, Any], context: Context, run: Run) -> list[Parameters]:
    """The first generator's sets, overridden by those of the others that agree in the merge keys."""
    children = [mapping(child) for child in sequence(body.get("generators"))]
    if len(children) < 2:
        raise GenerationError("found less than two generators, Merge requires two or more")
    keys = [show(key) for key in sequence(body.get("mergeKeys"))]
    base, *others = _keyed(keys, children, run)
    if context.stand_in is not None and any(others):
        raise UnverifiableError("what a merge makes of clusters, which are not declared")
    for overriding in others:
        for key, parameters in base.items():
            if key in overriding and context.go:
                overlay(parameters, overriding[key])
            elif key in overriding:
                if not parameters and overriding[key]:
                    raise GenerationError("an empty element is overridden; the controller panics and makes nothing")
                parameters.update(overriding[key])
    return list(base.values())


def _keyed(keys: list[str], children: list[Mapping[str, Any]], run: Run) -> list[dict[str, Parameters]]:
    """The sets of each generator by the merge keys; one that cannot be known here hides no flaw of the others."""
    sets: list[list[Parameters]] = []
    unknown: UnverifiableError | None = None
    for child in children:
        try:
            sets.append(run(child, {}))
        except UnverifiableError as error:
            unknown = unknown or error
    if not keys:
        raise GenerationError("no merge keys were specified, Merge requires at least one")
    found = [dict(_by_key(keys, parameters)) for parameters in sets]
    if unknown:
        raise unknown
    return found


def _by_key(keys: list[str], sets: list[Parameters]) -> Iterator[tuple[str, Parameters]]:
    seen: set[str] = set()
    for parameters in sets:
        key = to_json({name: parameters.get(name) for name in keys})
        if key in seen:
            raise GenerationError(f"the parameters were not unique by the merge keys; duplicate key was {key}")
        seen.add(key)
        yield key, parameters
