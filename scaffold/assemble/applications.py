"""The Applications that Argo CD will have: those written down and those that ApplicationSets generate."""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from scaffold import expand, load
from scaffold.assemble import patched, patched_objects, views
from scaffold.assemble.chart_objects import Steering
from scaffold.assemble.flux.builds import Builds
from scaffold.expand.expansion import Expansion, Problem
from scaffold.expand.source_types import SourceError, SourceType, directory_of, source_type
from scaffold.expand.sources import used_sources, with_overrides
from scaffold.expand.view import TreeView
from scaffold.model import (
    Application,
    ApplicationSet,
    Failure,
    How,
    Manifest,
    Pointer,
    Repository,
    Source,
    dig,
    is_templated,
    mapping,
)

_APPLICATION = ("argoproj.io", "Application")
_SET = ("argoproj.io", "ApplicationSet")
_CHANGED = "kustomizations that patch it cannot be built here, so what it becomes is not known"
_HOW = {SourceType.HELM: How.HELM, SourceType.KUSTOMIZE: How.KUSTOMIZE, SourceType.DIRECTORY: How.PLAIN}
_OVERRIDES = ".argocd-source-"
_DEEPEST = 8  # charts that make applications of charts that make applications; one may deploy itself for ever


class Found(NamedTuple):
    """Applications in the order of their places, what became of each ApplicationSet, the tree as Argo CD sees it."""

    applications: tuple[Application, ...]
    sets: tuple[ApplicationSet, ...]
    view: TreeView
    patched: patched_objects.Found
    charted: Steering


def find(repository: Repository, builds: Builds) -> Found:
    """Every Application that Argo CD will have."""
    patches = patched.files(repository)
    parts = [part for whole in _wholes(repository) if whole.path not in patches for part in load.members(whole)]
    written = [m for m in parts if _is(m, _APPLICATION) and m.name]
    sets = [m for m in parts if _is(m, _SET)]
    changed = patched.changed(repository)
    built = patched_objects.find(repository, builds, [m for m in parts if (m.path, m.kind) in changed])
    unknown = [m for m in [*written, *sets] if (m.path, m.kind) in changed and not built.of(m)]
    known = [[m for m in found if m not in unknown] for found in (written, sets)]
    written, sets = ([made for m in found for made in built.of(m) or (m,)] for found in known)
    view = views.view(repository, builds.root, [*written, *sets])
    applications, results = _all(written, sets, view, built.variant)
    results += [ApplicationSet(manifest, unverifiable=(_CHANGED,)) for manifest in unknown]
    charted = Steering(repository, builds.root)
    for begun in (charted.add, charted.begin):
        for deploying, more in _charted(charted, begun(applications, view), view):
            applications, results = applications + deploying, results + more
    return Found(tuple(applications), tuple(results), view, built, charted)


def _charted(
    charted: Steering, made: list[Manifest], view: TreeView
) -> Iterator[tuple[list[Application], list[ApplicationSet]]]:
    """What some objects that charts make are and generate, then what the charts make that those deploy, and so on."""
    for _ in range(_DEEPEST):
        written, sets = ([m for m in made if _is(m, kind)] for kind in (_APPLICATION, _SET))
        deploying, results = _all(written, sets, view, charted.variant)
        yield deploying, results
        made = charted.add(deploying, view)
    charted.left.update(manifest.overlay for manifest in made)


def _all(
    written: Iterable[Manifest], sets: Iterable[Manifest], view: TreeView, variant: Callable[[Manifest], str]
) -> tuple[list[Application], list[ApplicationSet]]:
    """The Applications that some objects are and generate, and what became of each ApplicationSet."""
    expanded = [(manifest, expand.expand(manifest.data, view)) for manifest in sets]
    applications = [_application(m.data, m, (), view, variant(m)) for m in written]
    for manifest, expansion in expanded:
        pointer = ("spec", "template")
        made = [_application(data, manifest, pointer, view, variant(manifest)) for data in expansion.applications]
        applications += [dataclasses.replace(each, read=file) for each, file in zip(made, expansion.files, strict=True)]
    return applications, [_result(manifest, expansion, view) for manifest, expansion in expanded]


def _wholes(repository: Repository) -> Iterator[Manifest]:
    """The manifests of the files that declare any object of Argo CD, some of them in lists."""
    for path in sorted(repository.files):
        if any(head.group == "argoproj.io" for head in repository.files[path].heads):
            yield from repository.files[path].manifests()


def _result(manifest: Manifest, expansion: Expansion, view: TreeView) -> ApplicationSet:
    errors = (Failure(_sentence(problem), problem.pointer) for problem in expansion.errors)
    unverifiable = (problem.message for problem in expansion.unverifiable)
    names, drafts = tuple(_names(expansion.applications)), tuple(_drafts(manifest, expansion, view))
    return ApplicationSet(manifest, names, tuple(errors), tuple(unverifiable), drafts)


def _drafts(manifest: Manifest, expansion: Expansion, view: TreeView) -> Iterator[Application]:
    for draft in expansion.drafts:
        yield dataclasses.replace(_application(draft, manifest, ("spec", "template"), view), draft=True)


def _sentence(problem: Problem) -> str:
    return f"application {problem.application!r}: {problem.message}" if problem.application else problem.message


def _is(manifest: Manifest, wanted: tuple[str, str]) -> bool:
    return (manifest.group, manifest.kind) == wanted


def _names(items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield from (str(dig(item, "metadata", "name")) for item in items)


def _application(  # an object, where it stands, what it refers to, and by which build it is so
    data: Mapping[str, Any], manifest: Manifest, pointer: Pointer, view: TreeView, variant: str = ""
) -> Application:
    spec = mapping(data.get("spec"))
    destination = mapping(spec.get("destination"))
    place = manifest.place(*pointer)
    automated = dig(spec, "syncPolicy", "automated")
    return Application(
        name=_text(dig(data, "metadata", "name")),
        namespace=_text(dig(data, "metadata", "namespace")) or manifest.namespace,
        project=_text(spec.get("project")) or "default",
        sources=tuple(_sources(data, pointer, manifest, view)),
        server=_text(destination.get("server")),
        cluster=_text(destination.get("name")),
        destination_namespace=_text(destination.get("namespace")),
        automated=isinstance(automated, Mapping) and automated.get("enabled") is not False,
        data=data,
        place=place,
        generated=bool(pointer),
        variant=variant,
        bare=not pointer and manifest.place("spec").pointer == place.pointer,
    )


def _sources(data: Mapping[str, Any], pointer: Pointer, manifest: Manifest, view: TreeView) -> Iterator[Source]:
    name = _text(dig(data, "metadata", "name"))
    for where, item in used_sources(data):
        url, revision = _text(item.get("repoURL")), _text(item.get("targetRevision"))
        tree = None if item.get("chart") else view.of(url, revision)
        how, options = _rendering(item, name, tree) if tree else (None, item)
        path = _normal(_text(item.get("path")))
        yield Source(
            url,
            tree.at(path) if tree else path,
            _text(item.get("chart")),
            revision,
            _text(item.get("ref")),
            manifest.place(*pointer, *where),
            tree is not None,
            how,
            options,
            tree.directory if tree else "",
        )


def _rendering(item: Mapping[str, Any], name: str, view: TreeView) -> tuple[How | None, Mapping[str, Any]]:
    """How Argo CD renders a source of this repository, with which options; None where it refuses, or a plugin does."""
    if is_templated(name) and any(each.startswith(_OVERRIDES) for each in view.names_in(directory_of(item))):
        return None, {}
    try:
        options = with_overrides(item, name, view)
        return _HOW.get(source_type(options, view)), options
    except (SourceError, expand.UnverifiableError):
        return None, item


def _normal(path: str) -> str:
    cleaned = posixpath.normpath(path) if path else ""
    return "" if cleaned == "." else cleaned.lstrip("/")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
