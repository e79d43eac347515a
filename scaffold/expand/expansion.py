"""An ApplicationSet's applications, with the scope that each error has in the controller (Argo CD 3.5.7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from scaffold.expand import any_cluster, parameter_origins
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


class Made(NamedTuple):
    """An application, the generator that it comes from, and the file that this read its parameters from, if any."""

    application: dict[str, Any]
    origin: Pointer
    file: str


@dataclass(frozen=True)
class Expansion:
    """What the controller would do.

    `applications` are the objects it creates, `origins` the generators they come from, and `files` what these read the
    parameters from, if it is one file, in the same order. An error without an application's name leaves the whole set
    without applications; one with a name drops that one only. Where `unverifiable` is not empty, there may be more
    applications than these; where there are none at all, `drafts` are what any cluster makes of the template, or the
    template as it stands, if nothing but parameters can change it.
    """

    applications: tuple[dict[str, Any], ...] = ()
    origins: tuple[Pointer, ...] = ()
    errors: tuple[Problem, ...] = ()
    unverifiable: tuple[Problem, ...] = ()
    drafts: tuple[dict[str, Any], ...] = ()
    files: tuple[str, ...] = ()


def expand(application_set: Mapping[str, Any], view: TreeView) -> Expansion:
    """Resolve it, as the package says."""
    context = Context.of(application_set, view)
    made: list[Made] = []
    errors: list[Problem] = []
    unverifiable: list[Problem] = []
    for index, item in enumerate(sequence(dig(application_set, "spec", "generators"))):
        pointer: Pointer = ("spec", "generators", index)
        try:
            made += (Made(each, pointer, file) for each, file in _traced(mapping(item), application_set, context))
        except (GenerationError, TemplateError) as error:
            given = error.given if isinstance(error, TemplateError) and error.missing else ""
            message = f"{error}, which {given} lacks" if given else str(error)
            errors.append(Problem(message, _blamed(application_set, error.text, context) or pointer))
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
    yield from (application for application, _ in _traced(item, application_set, context))


def _traced(
    item: Mapping[str, Any], application_set: Mapping[str, Any], context: Context
) -> Iterator[tuple[dict[str, Any], str]]:
    template = mapping(dig(application_set, "spec", "template"))
    for sets in transform(item, template, context):
        blueprint = Blueprint(application_set, sets.template, context)
        for parameters in sets.parameters:
            try:
                yield blueprint.application(parameters), parameter_origins.file_of(parameters)
            except TemplateError as error:
                error.given = parameter_origins.of(parameters)
                raise


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


def _accepted(made: list[Made], view: TreeView, unverifiable: tuple[Problem, ...]) -> Expansion:
    repeated = repeated_names(each.application for each in made)
    kept: list[Made] = []
    errors: dict[Problem, None] = {}
    for each in made:
        found = flaw(each.application, repeated, view)
        if found is None:
            kept.append(each)
        else:
            message, field = found
            name = str(dig(each.application, "metadata", "name") or "")
            errors[Problem(f"{message}{_givers(name, made) if name in repeated else ''}", field, name)] = None
    applications = tuple(each.application for each in kept)
    origins, files = (tuple(each.origin for each in kept), tuple(each.file for each in kept))
    return Expansion(applications, origins, tuple(errors), unverifiable, files=files)


def _givers(name: str, made: list[Made]) -> str:
    """Say which files give the same name to several applications, if files do."""
    files = [each.file for each in made if dig(each.application, "metadata", "name") == name]
    return f" of {' and '.join(files)}" if all(files) and len(set(files)) > 1 else ""
