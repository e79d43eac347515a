"""The list generator: `elements`, and `elementsYaml` after them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold.errors import ScaffoldError
from scaffold.expand.generation import GenerationError
from scaffold.expand.generators.context import Context, Parameters
from scaffold.expand.go_values import from_json
from scaffold.expand.view import first_document
from scaffold.model import sequence


def parameters(body: Mapping[str, Any], context: Context) -> list[Parameters]:
    """Give one set for each element; without Go templates only text and `values` are accepted."""
    found = [_element(element, context) for element in sequence(body.get("elements"))]
    text = body.get("elementsYaml")
    return found + _from_yaml(text) if isinstance(text, str) and text else found


def _element(element: Any, context: Context) -> Parameters:
    value = from_json(element)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise GenerationError("error unmarshling list element: it is no map")
    return value if context.go else _flat(value)


def _flat(element: Parameters) -> Parameters:
    found: Parameters = {}
    for key, value in element.items():
        if key != "values":
            found[key] = _text(key, value)
        elif isinstance(value, dict):
            found.update({f"values.{name}": _text(f"values.{name}", item) for name, item in value.items()})
        else:
            raise GenerationError("error parsing values map")
    return found


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise GenerationError(f"error parsing value as string: '{name}' of a list element is no text")
    return value


def _from_yaml(text: str) -> list[Parameters]:
    try:
        value = from_json(first_document(text))
    except ScaffoldError as error:
        raise GenerationError(f"error unmarshling decoded ElementsYaml: {error}") from error
    if not isinstance(value or [], list) or not all(isinstance(item or {}, dict) for item in value or []):
        raise GenerationError("error unmarshling decoded ElementsYaml: it is no list of maps")
    return [item or {} for item in value or []]
