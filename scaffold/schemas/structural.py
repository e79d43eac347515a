"""Structural schemas of custom resources, made as strict as an API server with strict field validation is."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.model import mapping, sequence

Schema = dict[str, Any]

_BOUNDS = ["maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum"]
_LIMITS = ["enum", "multipleOf", *_BOUNDS]
_OPEN = "x-kubernetes-preserve-unknown-fields"
METADATA = {"$ref": "#/$defs/Metadata"}


def strict(schema: Mapping[str, Any]) -> Schema:
    """Convert one structural schema: fields that pruning would drop become flaws, `null` is taken as absent.

    The JSON Schema dialect of the result is 2020-12; `$ref` to `ObjectMeta` is left for whoever compiles it.
    """
    if schema.get("x-kubernetes-int-or-string"):
        return _limits(schema) | {"type": ["integer", "string"]}
    result = _limits(schema) | _shape(schema) | _junctors(schema)
    if schema.get("type"):
        result["type"] = [schema["type"], "null"] if schema.get("nullable") else schema["type"]
    if schema.get("x-kubernetes-embedded-resource"):
        _embed(result)
    return result


def root(schema: Mapping[str, Any], *, status: bool) -> Schema:
    """Convert the schema of a whole object; with a status subresource the server does not look into `status`."""
    result = strict(schema)
    properties = result.setdefault("properties", {})
    own = properties.get("metadata", {})
    rules = {key: value for key, value in own.items() if key == "properties"}
    properties |= {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": METADATA | rules}
    if status and "status" in properties:
        properties["status"] = {"type": "object"}
    needed = {"metadata", *result.get("required", ())} - {"apiVersion", "kind"} - ({"status"} if status else set())
    return result | {"type": "object", "required": sorted(needed)}


def of_definition(crd: Mapping[str, Any]) -> Iterator[tuple[str, str, str, Schema]]:
    """Yield apiVersion, kind, scope and schema of every version of a CustomResourceDefinition manifest."""
    spec = mapping(crd.get("spec"))
    kind, scope = mapping(spec.get("names")).get("kind"), spec.get("scope") or "Namespaced"
    for version in map(mapping, sequence(spec.get("versions"))):
        if not kind or not version.get("name"):
            continue
        schema = mapping(mapping(version.get("schema")).get("openAPIV3Schema"))
        converted = root(schema, status="status" in mapping(version.get("subresources")))
        if not schema or spec.get("preserveUnknownFields"):
            converted.pop("additionalProperties", None)
        yield f"{spec.get('group')}/{version['name']}", kind, scope, converted


def _limits(schema: Mapping[str, Any]) -> Schema:
    result = {key: schema[key] for key in _LIMITS if key in schema}
    for side in ("Maximum", "Minimum"):
        if schema.get(f"exclusive{side}") is True and side.lower() in result:
            result[f"exclusive{side}"] = result.pop(side.lower())
    if any("default" in mapping(field) for field in mapping(schema.get("properties")).values()):
        result.pop("minProperties", None)
    if _compiles(schema.get("pattern")):
        result["pattern"] = schema["pattern"]
    if schema.get("x-kubernetes-list-type") == "set":
        result["uniqueItems"] = True
    if schema.get("nullable") and "enum" in result:
        result["enum"] = [*result["enum"], None]
    return result


def _compiles(pattern: object) -> bool:
    # Go's expressions are no superset of Python's, but what Python cannot read is rare enough to leave unchecked.
    if not isinstance(pattern, str):
        return False
    try:
        with warnings.catch_warnings():  # that some class may mean another one day
            warnings.simplefilter("ignore", FutureWarning)
            re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _shape(schema: Mapping[str, Any]) -> Schema:
    result: Schema = {}
    properties = schema.get("properties") or {}
    if properties:
        result["properties"] = {name: strict(value) for name, value in properties.items()}
    required = [name for name in schema.get("required", ()) if not _supplied(properties.get(name, {}))]
    if required:
        result["required"] = required
    if isinstance(schema.get("items"), Mapping):
        result["items"] = strict(schema["items"])
    extra = schema.get("additionalProperties")
    if isinstance(extra, Mapping):
        result["additionalProperties"] = strict(extra)
    elif schema.get("type") == "object" and extra is not True and not schema.get(_OPEN):
        result["additionalProperties"] = False
    return result


def _supplied(field: Mapping[str, Any]) -> bool:
    # The server fills in a default before it looks at `required`, and null satisfies a nullable field.
    return "default" in field or bool(field.get("nullable"))


def _junctors(schema: Mapping[str, Any]) -> Schema:
    # Conditions are judged after defaults are filled in; what depends on a default cannot be judged before.
    filled = {name for name, field in mapping(schema.get("properties")).items() if "default" in mapping(field)}
    result: Schema = {}
    for key in ("allOf", "anyOf", "oneOf"):
        if schema.get(key) and not any(filled & _mentioned(value) for value in schema[key]):
            result[key] = [_condition(value) for value in schema[key]]
    if schema.get("not") and not filled & _mentioned(schema["not"]):
        result["not"] = _condition(schema["not"])
    return result


def _mentioned(condition: Mapping[str, Any]) -> set[str]:
    nested = [*sequence(condition.get("allOf")), *sequence(condition.get("anyOf")), *sequence(condition.get("oneOf"))]
    nested.append(mapping(condition.get("not")))
    below = {name for inner in nested for name in _mentioned(inner)} if any(nested) else set()
    return below | set(mapping(condition.get("properties"))) | set(sequence(condition.get("required")))


def _condition(schema: Mapping[str, Any]) -> Schema:
    """Convert what stands below anyOf and its kin: it only judges values and closes nothing."""
    result = _limits(schema) | _junctors(schema)
    for key in ("required", "type"):
        if key in schema:
            result[key] = schema[key]
    if "properties" in schema:
        result["properties"] = {name: _condition(value) for name, value in schema["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), Mapping):
            result[key] = _condition(schema[key])
    return result


def _embed(result: Schema) -> None:
    result["properties"] = result.get("properties", {}) | {
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": {"$ref": "#/$defs/ObjectMeta"},
    }
    result["required"] = sorted({"apiVersion", "kind", *result.get("required", ())})
