"""An ApplicationSet's applications, with the scope that each error has in the controller (Argo CD 3.5.7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from scaffold.expand import any_cluster
from scaffold.expand.acceptance import Flaw, flaw, literal_flaw, repeated_names
from scaffold.expand.applications import Blueprint
from scaffold.expand.generation import GenerationError
from scaffold.expand.generators import Context, transform
from scaffold.expand.go_values import TemplateError
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.expand.view import TreeView
from scaffold.model import Pointer, dig, mapping, sequence


class Problem(NamedTuple):
    """Why something is not made or not known: a sentence, where in the ApplicationSet, and which application."""

    message: str
    pointer: Pointer
    application: str = ""


@dataclass(frozen=True)
class Expansion:
    """What the controller would do.

    `applications` are the objects it creates, `origins` the generators they come from, in the same order. An error
    without an application's name leaves the whole set without applications; one with a name drops that one only. Where
    `unverifiable` is not empty, there may be more applications than these; where there are none at all, `drafts` are
    what any cluster makes of the template, or the template as it stands, if nothing but parameters can change it.
    """

    applications: tuple[dict[str, Any], ...] = ()
    origins: tuple[Pointer, ...] = ()
    errors: tuple[Problem, ...] = ()
    unverifiable: tuple[Problem, ...] = ()
    drafts: tuple[dict[str, Any], ...] = ()


def expand(application_set: Mapping[str, Any], view: TreeView) -> Expansion:
    """Resolve it, as the package says."""
    context = Context.of(application_set, view)
    made: list[tuple[dict[str, Any], Pointer]] = []
    errors: list[Problem] = []
    unverifiable: list[Problem] = []
    for index, item in enumerate(sequence(dig(application_set, "spec", "generators"))):
        pointer: Pointer = ("spec", "generators", index)
        try:
            made += ((application, pointer) for application in _generated(mapping(item), application_set, context))
        except (GenerationError, TemplateError) as error:
            errors.append(Problem(str(error), _blamed(application_set, error.text, context) or pointer))
        except UnverifiableError as error:
            unverifiable.append(Problem(str(error), pointer))
    if errors:
        return Expansion(errors=tuple(errors), unverifiable=tuple(unverifiable))
    if unverifiable and not made:
        return _drafted(application_set, context, tuple(unverifiable))
    return _accepted(made, view, tuple(unverifiable))


def _blamed(application_set: Mapping[str, Any], text: str, context: Context) -> Pointer | None:
    """Where in the set the text stands that is at fault; the template, where its words may be in a generator too."""
    if context.refused:
        return ("spec", "goTemplateOptions")
    parts = ("template", "templatePatch", "generators")
    found = (_holding(dig(application_set, "spec", part), text, ("spec", part)) for part in parts if text)
    return next((pointer for pointer in found if pointer), None)


def _holding(value: Any, text: str, pointer: Pointer) -> Pointer | None:
    if value == text:
        return pointer
    items = value.items() if isinstance(value, Mapping) else enumerate(sequence(value))
    return next((found for key, item in items if (found := _holding(item, text, (*pointer, key)))), None)


def _generated(
    item: Mapping[str, Any], application_set: Mapping[str, Any], context: Context
) -> Iterator[dict[str, Any]]:
    template = mapping(dig(application_set, "spec", "template"))
    for sets in transform(item, template, context):
        blueprint = Blueprint(application_set, sets.template, context)
        yield from map(blueprint.application, sets.parameters)


def _drafted(application_set: Mapping[str, Any], context: Context, unverifiable: tuple[Problem, ...]) -> Expansion:
    """What is certain of applications that are not known: nothing, where a patch adds to it, or another template."""
    spec = mapping(application_set.get("spec"))
    patch = spec.get("templatePatch")
    drafts = any_cluster.drafts(application_set, context, _generated) if patch is None else ()
    if not drafts and _overridden(spec.get("generators")):
        return Expansion(unverifiable=unverifiable)
    template = Blueprint({**application_set, "spec": {}}, mapping(spec.get("template")), context).application({})
    found = _unreadable({"template": template, "templatePatch": patch}, context, ("spec",))
    found = found or (literal_flaw(template, context.view) if patch is None else None)
    errors = (Problem(*found, str(dig(template, "metadata", "name") or "")),) if found else ()
    known = () if errors or patch is not None else drafts or (template,)
    return Expansion(errors=errors, unverifiable=unverifiable, drafts=known)


def _unreadable(value: Any, context: Context, pointer: Pointer) -> Flaw | None:
    """Say which text of a template is none, whatever the parameters are."""
    if isinstance(value, str):
        try:
            context.check(value)
        except TemplateError as error:
            return str(error), pointer
        except UnverifiableError:
            return None
    items = value.items() if isinstance(value, Mapping) else enumerate(sequence(value))
    return next((found for key, item in items if (found := _unreadable(item, context, (*pointer, key)))), None)


def _overridden(generators: Any) -> bool:
    """Tell whether a generator, or one that is combined in it, has a template of its own."""
    kinds = [mapping(kind) for item in sequence(generators) for kind in mapping(item).values()]
    return any(kind.get("template") or _overridden(kind.get("generators")) for kind in kinds)


def _accepted(
    made: list[tuple[dict[str, Any], Pointer]], view: TreeView, unverifiable: tuple[Problem, ...]
) -> Expansion:
    repeated = repeated_names(application for application, _ in made)
    kept: list[tuple[dict[str, Any], Pointer]] = []
    errors: dict[Problem, None] = {}
    for application, pointer in made:
        found = flaw(application, repeated, view)
        if found is None:
            kept.append((application, pointer))
        else:
            message, field = found
            errors[Problem(message, field, str(dig(application, "metadata", "name") or ""))] = None
    applications = tuple(application for application, _ in kept)
    return Expansion(applications, tuple(pointer for _, pointer in kept), tuple(errors), unverifiable)
