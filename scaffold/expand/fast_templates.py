"""The templates of an ApplicationSet without `goTemplate` (fasttemplate 1.2): `{{name}}`; unknown ones stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold.expand.go_values import TemplateError, show


def render(template: str, parameters: Mapping[str, Any]) -> str:
    """Fill the names that are parameters with text; raise TemplateError for a tag that is not closed."""
    if not any(0 <= line.find("{{") <= line.rfind("}}") - 2 for line in template.split("\n")):
        return template
    parts: list[str] = []
    at = 0
    while (start := template.find("{{", at)) >= 0:
        end = template.find("}}", start + 2)
        if end < 0:
            raise TemplateError(f"invalid template: cannot find the end of a tag in '{template}'")
        name = template[start + 2 : end]
        value = parameters.get(name.strip()) if name.strip() else None
        parts += [template[at:start], value if isinstance(value, str) else "{{" + name + "}}"]
        at = end + 2
    return "".join([*parts, template[at:]])


def flatten(value: Mapping[str, Any]) -> dict[str, Any]:
    """Flatten nested maps and lists into dotted names; empty ones vanish."""
    found: dict[str, Any] = {}
    _flatten(value, "", found)
    return found


def _flatten(value: Any, prefix: str, found: dict[str, Any]) -> None:
    items = value.items() if isinstance(value, Mapping) else enumerate(value)
    for key, item in items:
        name = f"{prefix}{key}"
        if isinstance(item, Mapping) or type(item) is list:
            _flatten(item, f"{name}.", found)
        else:
            found[name] = item


def flat_text(value: Mapping[str, Any]) -> dict[str, str]:
    """Flatten and print every value."""
    return {name: show(item) for name, item in flatten(value).items()}
