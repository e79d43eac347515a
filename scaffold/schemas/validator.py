"""Compiled schemas: the only module that knows jsonschema-rs."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping
from typing import Any

import jsonschema_rs

from scaffold.model import Pointer, dig
from scaffold.schemas.explain import Flaw, flaws
from scaffold.schemas.wording import Problem

# Go's expressions and Rust's are one family; the other engine may take exponential time.
_EXPRESSIONS = jsonschema_rs.RegexOptions()


@functools.lru_cache(maxsize=1024)
def _compiled(schema: str) -> Any:
    try:
        return jsonschema_rs.Draft202012Validator(schema, pattern_options=_EXPRESSIONS)
    except ValueError:  # an expression that only Go can read
        plain = json.dumps(_without_patterns(json.loads(schema)))
        return jsonschema_rs.Draft202012Validator(plain, pattern_options=_EXPRESSIONS)


def _without_patterns(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_patterns(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key != "pattern" or isinstance(value, dict)}
    return {key: _without_patterns(value) for key, value in kept.items()}


@functools.lru_cache(maxsize=64)
def _parsed(schema: str) -> Any:
    return json.loads(schema)


def validate(document: Mapping[str, Any], schema: str) -> list[Flaw]:
    """List the flaws of an object against the text of a schema; `null` counts as absent, as it does for a server."""
    compiled = _compiled(schema)
    try:
        if compiled.is_valid(document):
            return []
    except ValueError:  # a key that is no string, a value that JSON does not have
        pass
    whole = _plain(document)
    pruned = _pruned(whole)
    problems = [_problem(error, schema, pruned) for error in compiled.iter_errors(pruned)]
    # An unknown field is refused even where it is null.
    extras = (_problem(error, schema, whole) for error in compiled.iter_errors(whole))
    problems += [problem for problem in extras if problem.keyword == "additionalProperties"]
    found = {flaw for problem in problems for flaw in flaws(problem)}
    return sorted(found, key=lambda flaw: ([str(part) for part in flaw.pointer], flaw.message))


def _problem(error: Any, schema: str, document: Any) -> Problem:
    parsed = _parsed(schema)
    path = _pointer(parsed, error.schema_path)
    return Problem(str(path[-1]), _pointer(document, error.instance_path), dig(parsed, *path[:-1]), document)


def _pointer(value: Any, path: list[str | int]) -> Pointer:
    """Tell list positions from keys that look like numbers, which the validator does not."""
    found: list[str | int] = []
    for part in path:
        found.append(part if isinstance(value, list) else str(part))
        value = dig(value, found[-1])
    return tuple(found)


def _plain(value: Any) -> Any:
    """Write keys and values as JSON has them."""
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    return value if isinstance(value, float) and math.isfinite(value) else str(value)


def _pruned(value: Any) -> Any:
    """Drop the null fields."""
    if isinstance(value, dict):
        return {key: _pruned(item) for key, item in value.items() if item is not None}
    return [_pruned(item) for item in value] if isinstance(value, list) else value


def _key(key: object) -> str:
    return str(key).lower() if isinstance(key, bool) or key is None else str(key)
