"""The AppProjects whose limits are known, with what global projects add to them (Argo CD 3.5.7)."""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import parse
from scaffold.assemble import argocd_settings, deployed, patched
from scaffold.errors import ScaffoldError
from scaffold.expand.generation import GenerationError
from scaffold.expand.permission import with_globals
from scaffold.expand.selectors import Selector
from scaffold.model import (
    Application,
    How,
    Manifest,
    Repository,
    above,
    is_templated,
    is_variable,
    mapping,
    nearness,
    sequence,
)

_KIND = "argoproj.io/AppProject"
_DEFAULT = "default"
_OPEN: Mapping[str, list[Any]] = {
    "sourceRepos": ["*"],
    "destinations": [{"server": "*", "namespace": "*"}],
    "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
}
_SETTING = "globalProjects"


def known(repository: Repository) -> Mapping[str, Manifest]:
    """Every project by its name; those that settings in a generated config map may change are left out."""
    return {name: several[-1] for name, several in repository.once(_known).items()}


def every(repository: Repository) -> Iterator[Manifest]:
    """Every project, also where several control planes have one of its name."""
    yield from (project for several in repository.once(_known).values() for project in several)


def of(repository: Repository, application: Application) -> Manifest | None:
    """The project of an application; where several control planes have one of its name, the one nearest to it.

    None where nobody knows which of them is meant.
    """
    several = repository.once(_known).get(application.project, ())
    distances = {id(each): nearness(each.path, application.place.path) for each in several}
    nearest = [each for each in several if distances[id(each)] == max(distances.values())]
    return nearest[-1] if nearest and all(each.data == nearest[0].data for each in nearest) else None


def is_applied(repository: Repository, project: Manifest) -> bool:
    """Tell whether a build, an application or a script applies a project, or whoever applies an application near it."""
    if project.overlay or project.path in repository.scripted:
        return True
    near = {posixpath.dirname(project.path), *above(project.path)}
    beside = any(posixpath.dirname(application.place.path) in near for application in repository.applications)
    built = (overlay for overlay in repository.overlays.values() if overlay.how is not How.PLAIN)
    read = any(project.path in overlay.reads for overlay in built)
    return beside or read or any(deployed.readers(repository, project.path))


def unused(repository: Repository) -> frozenset[str]:
    """The projects that no application is in, while some are in others, and that is so for sure."""
    named = {application.project for application in repository.foreseen}
    every = repository.once(_known)
    if named.isdisjoint(every) or any(map(is_templated, named)) or _is_hidden(repository):
        return frozenset()
    spread = {other.name for _, other in _globals(repository, known(repository))}
    return frozenset(every.keys() - named - spread)


def _known(repository: Repository) -> dict[str, tuple[Manifest, ...]]:
    patches, changed = patched.files(repository), patched.changed(repository)
    written = [m for m in repository.manifests(_KIND) if m.path not in patches and (m.path, m.kind) not in changed]
    written += [m for m in repository.patched if m.kind == "AppProject"]
    projects = {project.name: project for project in written}
    if _is_hidden(repository):
        written = [project for project in written if not project.metadata.get("labels")]
    added = [] if _is_hidden(repository) else list(_globals(repository, projects))
    found: dict[str, tuple[Manifest, ...]] = {}
    for project in written:
        whole = _with_scoped(repository, _with_defaults(_virtual(project, added) if added else project))
        found[project.name] = (*found.get(project.name, ()), whole)
    return found


def _with_defaults(project: Manifest) -> Manifest:
    """The project `default` with what Argo CD gives it as it starts, where its manifest says nothing."""
    spec = mapping(project.data.get("spec"))
    if project.name != _DEFAULT or spec.keys() >= _OPEN.keys():
        return project
    return dataclasses.replace(project, data={**project.data, "spec": {**_OPEN, **spec}})


def _with_scoped(repository: Repository, project: Manifest) -> Manifest:
    """A project with the repositories and the clusters that Secrets tell Argo CD for it, which permit themselves."""
    told = (item for file in repository.files.values() for item in file.scoped)
    own = [item for item in told if item.project in ("*", project.name)]
    spec = {
        "sourceRepos": [item.address for item in own if item.kind == "repository"],
        "destinations": [
            {"server": item.address, "namespace": namespace}
            for item in own
            if item.kind == "cluster"
            for namespace in item.namespaces
        ],
    }
    return dataclasses.replace(project, data=with_globals(project.data, [{"spec": spec}])) if own else project


def _is_hidden(repository: Repository) -> bool:
    """Tell whether the setting is, or may be, where it cannot be read, or a variable fills it in."""
    told = (item.data.get(_SETTING) for item in argocd_settings.of_repository(repository, argocd_settings.CM))
    return any(map(is_variable, told)) or bool(argocd_settings.hidden(repository, argocd_settings.CM))


def _virtual(project: Manifest, added: list[tuple[Selector, Manifest]]) -> Manifest:
    labels = {str(key): str(value) for key, value in mapping(project.metadata.get("labels")).items()}
    chosen = [other.data for selector, other in added if other.name != project.name and selector.matches(labels)]
    return dataclasses.replace(project, data=with_globals(project.data, chosen)) if chosen else project


def _globals(repository: Repository, projects: Mapping[str, Manifest]) -> Iterator[tuple[Selector, Manifest]]:
    for settings in argocd_settings.of_repository(repository, argocd_settings.CM):
        for entry in map(mapping, sequence(_read(settings.data.get(_SETTING)))):
            project, selector = projects.get(str(entry.get("projectName"))), _selector(entry)
            if project and selector:
                yield selector, project


def _selector(entry: Mapping[str, Any]) -> Selector | None:
    try:
        return Selector.of(mapping(entry.get("labelSelector")))
    except GenerationError:
        return None


def _read(text: object) -> Any:
    try:
        documents = parse.parse(text).documents if isinstance(text, str) else []
    except ScaffoldError:
        return None
    return documents[0] if documents else None
