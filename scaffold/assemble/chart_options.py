"""What an Application gives Helm by itself, besides files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import parse
from scaffold.model import Parameter, dig, mapping, sequence
from scaffold.model.values import text


def values(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Inline values; `values` is a text, which `valuesObject` replaces."""
    if options.get("valuesObject"):
        return mapping(options["valuesObject"])
    try:
        documents = parse.parse(text(options.get("values"))).documents
    except parse.YamlError:
        return {}
    return mapping(documents[0]) if documents else {}


def parameters(options: Mapping[str, Any]) -> Iterator[Parameter]:
    """Commas are escaped as Argo CD 3.5 does, which would else begin the next parameter."""
    for item in sequence(options.get("parameters")):
        name, value = dig(item, "name"), dig(item, "value")
        if isinstance(name, str):
            told = value if isinstance(value, str) else ""
            escaped = told if told.startswith("{") and told.endswith("}") else told.replace(",", "\\,")
            yield Parameter(name, escaped, dig(item, "forceString") is True)
