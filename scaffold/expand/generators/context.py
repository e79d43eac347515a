"""What every generator of one ApplicationSet needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scaffold.expand import fast_templates, go_templates
from scaffold.expand.generation import GenerationError
from scaffold.expand.go_values import StringMap, TemplateError, show
from scaffold.expand.nested import COMBINING
from scaffold.expand.view import TreeView
from scaffold.model import dig, mapping, sequence

Parameters = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """An ApplicationSet's own settings and the tree it works on; `missing` is what a missing key does.

    `stand_in` tells that any cluster stands for all, and begins what is said of it.
    """

    view: TreeView
    go: bool
    missing: str
    project: str
    refused: str = ""
    stand_in: str | None = None

    @classmethod
    def of(cls, application_set: Mapping[str, Any], view: TreeView) -> Context:
        spec = mapping(application_set.get("spec"))
        go = spec.get("goTemplate") is True
        project = str(dig(spec, "template", "spec", "project") or "")
        try:
            missing = go_templates.missing_key(sequence(spec.get("goTemplateOptions"))) if go else "default"
        except TemplateError as error:
            return cls(view, go, "default", project, str(error))
        return cls(view, go, missing, project)

    def check_options(self) -> None:
        """Raise TemplateError for an option that makes the controller panic, as any first rendering does."""
        if self.refused:
            raise TemplateError(self.refused)

    def replace(self, text: str, parameters: Mapping[str, Any], missing: str = "") -> str:
        """Render one string with this set's kind of template."""
        self.check_options()
        if "{{" not in text:
            return text
        try:
            if self.go:
                return go_templates.render(text, parameters, missing or self.missing)
            return fast_templates.render(text, parameters)
        except (GenerationError, TemplateError) as error:
            error.text = error.text or text
            raise

    def check(self, text: str) -> None:
        """Raise TemplateError for a text that no parameters make a template of."""
        if self.go and "{{" in text:
            go_templates.parse(text)

    def add_values(self, values: object, parameters: Parameters) -> None:
        """Add a generator's `values`, each rendered with the generator's own parameters only."""
        rendered = {key: self.replace(show(value), parameters) for key, value in mapping(values).items()}
        if self.go and rendered:
            parameters["values"] = StringMap(rendered)
        elif not self.go:
            parameters.update({f"values.{key}": value for key, value in rendered.items()})


def interpolate(item: Mapping[str, Any], parameters: Parameters, context: Context) -> dict[str, Any]:
    """Render a matrix's second generator with the first one's parameters; `values` keep what these cannot fill."""
    if not parameters:
        return dict(item)
    context.check_options()
    return {kind: _interpolated(kind, body, parameters, context) for kind, body in item.items()}


def _interpolated(kind: str, body: Any, parameters: Parameters, context: Context) -> Any:
    if kind in COMBINING and isinstance(body, Mapping):
        children = [interpolate(mapping(child), parameters, context) for child in sequence(body.get("generators"))]
        rest = {key: value for key, value in body.items() if key != "generators"}
        return {**_rendered(rest, parameters, context), "generators": children}
    if kind == "list" or not isinstance(body, Mapping) or not isinstance(body.get("values"), Mapping):
        return _rendered(body, parameters, context)
    rest = {key: value for key, value in body.items() if key != "values"}
    values = {key: _resolved(show(value), parameters, context) for key, value in body["values"].items()}
    return {**_rendered(rest, parameters, context), "values": values}


def _resolved(text: str, parameters: Parameters, context: Context) -> str:
    try:
        return context.replace(text, parameters, "error")
    except TemplateError as error:
        if error.missing:
            return text
        raise


def _rendered(value: Any, parameters: Parameters, context: Context) -> Any:
    if isinstance(value, str):
        return context.replace(value, parameters)
    if isinstance(value, Mapping):
        return {
            _rendered(key, parameters, context): _rendered(item, parameters, context) for key, item in value.items()
        }
    if isinstance(value, list):
        return [_rendered(item, parameters, context) for item in value]
    return value
