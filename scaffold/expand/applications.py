"""Fills a template with parameters: one Application, patched and stamped as the controller does."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any

from scaffold.errors import ScaffoldError
from scaffold.expand.application_shape import mistyped
from scaffold.expand.generation import GenerationError
from scaffold.expand.generators import Context
from scaffold.expand.generators.context import Parameters
from scaffold.expand.patches import apply_patch
from scaffold.expand.view import first_document
from scaffold.model import dig, mapping

_FINALIZER = "resources-finalizer.argocd.argoproj.io"
_COPIED = ("name", "annotations", "labels", "finalizers")
_Fill = Callable[[Parameters], Any]


class Blueprint:
    """A template prepared once for many sets of parameters; what holds no parameter is shared by all applications."""

    def __init__(self, application_set: Mapping[str, Any], template: Mapping[str, Any], context: Context) -> None:
        spec = mapping(application_set.get("spec"))
        metadata = mapping(template.get("metadata"))
        self._skeleton = {
            "metadata": {key: metadata[key] for key in _COPIED if metadata.get(key)},
            "spec": mapping(template.get("spec")),
        }
        self._fill = _prepared(self._skeleton, context)
        self._context = context
        self._keeps = dig(spec, "syncPolicy", "preserveResourcesOnDeletion") is True
        self._patch = spec.get("templatePatch")
        self._namespace = dig(application_set, "metadata", "namespace")

    def application(self, parameters: Parameters) -> dict[str, Any]:
        """Make one application; an empty set of parameters gives the template as it stands."""
        if parameters or self._patch is not None:
            self._context.check_options()
        body = self._fill(parameters) if parameters and self._fill else self._skeleton
        metadata = dict(body["metadata"])
        if parameters and not self._keeps and not metadata.get("finalizers"):
            metadata["finalizers"] = [_FINALIZER]
        spec = body["spec"]
        if isinstance(self._patch, str):
            patched = _patched({"metadata": metadata, "spec": spec}, self._patch, parameters, self._context)
            metadata, spec = patched["metadata"], patched["spec"]
        metadata.pop("namespace", None)
        if self._namespace:
            metadata["namespace"] = self._namespace
        return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": metadata, "spec": spec}


def _prepared(value: Any, context: Context) -> _Fill | None:
    """A function that fills the templates inside a value; None where there are none."""
    if isinstance(value, str):
        return (lambda parameters: context.replace(value, parameters)) if "{{" in value else None
    if isinstance(value, Mapping):
        return _prepared_map(value, context)
    if isinstance(value, list):
        items = [(item, _prepared(item, context)) for item in value]
        if any(fill for _, fill in items):
            return lambda parameters: [fill(parameters) if fill else item for item, fill in items]
    return None


def _prepared_map(value: Mapping[str, Any], context: Context) -> _Fill | None:
    items = [(key, _prepared(key, context), item, _prepared(item, context)) for key, item in value.items()]
    if not any(fill_key or fill for _, fill_key, _, fill in items):
        return None

    def fill_map(parameters: Parameters) -> dict[str, Any]:
        return {
            fill_key(parameters) if fill_key else key: fill(parameters) if fill else item
            for key, fill_key, item, fill in items
        }

    return fill_map


def _patched(application: dict[str, Any], patch: str, parameters: Parameters, context: Context) -> dict[str, Any]:
    """Apply `templatePatch`: everything but the project and the namespace may change."""
    text = context.replace(patch, parameters)
    try:
        document = json.loads(text) if text.strip().startswith("{") else first_document(text)
    except (ScaffoldError, ValueError, RecursionError) as error:
        raise GenerationError(f"error while converting templatePatch: {error}", patch) from error
    if document is None:
        return application
    if not isinstance(document, Mapping):
        raise GenerationError("invalid templatePatch: it is no map", patch)
    if wrong := mistyped(document):
        raise GenerationError(f"invalid templatePatch: {wrong[1:] or 'it'} has the wrong type", patch)
    patched = apply_patch(copy.deepcopy(application), document)
    metadata, spec = mapping(patched.get("metadata")), mapping(patched.get("spec"))
    return {"metadata": dict(metadata), "spec": {**spec, "project": application["spec"].get("project", "")}}
