"""What Terraform tells an engine to read: by the Applications and Kustomizations that it makes, as far as is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.assemble.terraform import files, modules
from scaffold.assemble.terraform.made import Made
from scaffold.assemble.terraform.scopes import HOLE, Scope
from scaffold.model import Place, Repository, dig, mapping, sequence
from scaffold.model.values import Pointer, text
from scaffold.parse.hcl import UNREAD, Attribute, Block

_WORDS = (
    *("argocd_application", "argocd-apps", "argoproj.io", "fluxcd", "flux-instance", "flux2-sync"),
    "flux_bootstrap_git",
)
_MANIFESTS = {"kubectl_manifest": "yaml_body", "kubernetes_manifest": "manifest"}
_BUILT = frozenset(("plugin", "kustomize", "helm"))  # what makes a directory more than its own files
_SET = re.compile(rf"(?i){HOLE}|application|object|source|repository|sync|kustomization")
_FLUX = "Kustomization"


class Planted(NamedTuple):
    """A directory that an engine is told to read: of which repository, at which revision, and by which object.

    `place` is where the path is written, `origins` are the texts that names put into it. `deep` tells that directories
    below count, `built` that other things than manifests do, `begun` that it is made where it is not there.
    """

    what: str
    url: str
    path: str
    revision: str
    place: Place
    origins: tuple[tuple[str, Place], ...] = ()
    deep: bool = True
    built: bool = False
    begun: bool = False


def found(repository: Repository) -> Iterator[Planted]:
    """Everything whose address and path are known to the end."""
    directories = files.directories(repository, *_WORDS)
    for scope in modules.uses(repository, directories) if directories else ():
        for each in _of(repository, scope):
            if each.url and each.path and HOLE not in f"{each.what}{each.url}{each.path}{each.revision}":
                yield each


def _of(repository: Repository, scope: Scope) -> Iterator[Planted]:
    objects = []
    for path, block in modules.blocks(repository, scope.directory, "resource"):
        kind, name = (*block.labels, "", "")[:2]
        count = block.attributes.get("count")
        if count and scope.value(count.value) == 0:
            continue
        if kind == "argocd_application":
            yield from _of_block(scope, path, block, name)
        elif kind == "flux_bootstrap_git":
            yield from _of_bootstrap(repository, scope, path, block)
        elif kind == "helm_release":
            yield from _of_release(scope, path, block)
        elif given := block.attributes.get(_MANIFESTS.get(kind, "")):
            objects.append(Made.of(scope, path, given))
    repositories = (each.data for each in objects if _is_source(each.data))
    sources = {text(dig(data, "metadata", "name")): data for data in repositories}
    for made in objects:
        yield from _of_object(made, (), sources)


def _is_source(data: Any) -> bool:
    return dig(data, "kind") == "GitRepository" and "fluxcd" in text(dig(data, "apiVersion"))


def _of_block(scope: Scope, path: str, block: Block, name: str) -> Iterator[Planted]:
    """The sources of a resource of Argo CD's own provider."""
    for source in (each for spec in block.of("spec") for each in spec.of("source")):
        told = {key: scope.value(each.value) for key, each in source.attributes.items()}
        at = source.attributes.get("path")
        if at and "chart" not in told:
            place = Place(path, line=at.line, column=at.column)
            built = not _BUILT.isdisjoint(each.type for each in source.blocks)
            recursing = [each.attributes.get("recurse") for each in source.of("directory")]
            deep = any(scope.value(each.value) in (True, UNREAD) for each in recursing if each)
            origins = tuple(scope.origins(at.value))
            url, revision = text(told.get("repo_url")), _known(told.get("target_revision"))
            yield Planted(f"Application '{name}'", url, text(told.get("path")), revision, place, origins, deep, built)


def _of_bootstrap(repository: Repository, scope: Scope, path: str, block: Block) -> Iterator[Planted]:
    """What Flux is bootstrapped to, where the provider of the same module says which repository that is."""
    providers = [
        each for _, each in modules.blocks(repository, scope.directory, "provider") if each.labels == ("flux",)
    ]
    at = block.attributes.get("path")
    if at and len(providers) == 1:
        git = providers[0].attributes.get("git")
        told = mapping(scope.value(git.value)) if git else {}
        inner = next((each.attributes["url"] for each in providers[0].of("git") if "url" in each.attributes), None)
        url = text(scope.value(inner.value) if inner else told.get("url"))
        place = Place(path, line=at.line, column=at.column)
        origins = tuple(scope.origins(at.value))
        yield Planted("Flux", url, text(scope.value(at.value)), "", place, origins, begun=True)


def _of_release(scope: Scope, path: str, block: Block) -> Iterator[Planted]:
    """What a chart makes of values: of several, the last that says something counts, and so does what is set."""
    chart, values = block.attributes.get("chart"), block.attributes.get("values")
    listed = values.value if values and isinstance(values.value, list) else []
    name = text(scope.value(chart.value)).rpartition("/")[2] if chart else ""
    if values and len(listed) == 1 and not _sets_paths(scope, block):
        yield from _of_values(name, Made.of(scope, path, Attribute(listed[0], values.line, values.column)))


def _sets_paths(scope: Scope, block: Block) -> bool:
    """Tell whether a value may be set beside those in `values` that says what is read."""
    names = [scope.value(each.attributes["name"].value) for each in block.of("set") if "name" in each.attributes]
    if told := block.attributes.get("set"):
        names += [dig(item, "name") for item in sequence(scope.value(told.value))] or [UNREAD]
    told_later = any("set" in each.labels for each in block.of("dynamic"))
    return told_later or not all(isinstance(name, str) and _SET.search(name) is None for name in names)


def _of_values(chart: str, made: Made) -> Iterator[Planted]:
    if chart == "argocd-apps":
        applications = dig(made.data, "applications")
        keys: Any = mapping(applications) or range(len(sequence(applications)))
        for key in keys:
            name = text(dig(applications, key, "name")) or str(key)
            yield from _of_spec(made, ("applications", key), name)
    elif chart == "argo-cd":
        for number, _ in enumerate(sequence(dig(made.data, "extraObjects"))):
            yield from _of_object(made, ("extraObjects", number), {})
    elif chart == "flux2-sync":
        source = dig(made.data, "gitRepository")
        yield from _planted(made, _FLUX, _url(source), ("kustomization", "spec", "path"), _branch(source))
    elif chart == "flux-instance":
        yield from _of_sync(made, ("instance", "sync"), "FluxInstance")


def _of_object(made: Made, above: Pointer, sources: Mapping[str, Any]) -> Iterator[Planted]:
    data = dig(made.data, *above)
    kind, name = dig(data, "kind"), text(dig(data, "metadata", "name"))
    group = text(dig(data, "apiVersion")).rpartition("/")[0]
    if (group, kind) == ("argoproj.io", "Application"):
        yield from _of_spec(made, (*above, "spec"), name)
    elif (group, kind) == ("fluxcd.controlplane.io", "FluxInstance"):
        yield from _of_sync(made, (*above, "spec", "sync"), f"FluxInstance '{name}'")
    elif (group, kind) == ("kustomize.toolkit.fluxcd.io", "Kustomization"):
        source = sources.get(text(dig(data, "spec", "sourceRef", "name")))
        yield from _planted(made, f"{_FLUX} '{name}'", _url(source), (*above, "spec", "path"), _branch(source))


def _url(source: Any) -> str:
    return text(dig(source, "spec", "url"))


def _branch(source: Any) -> str:
    """The branch that a source follows; of a tag or a commit nobody knows what it holds."""
    ref = dig(source, "spec", "ref")
    return _known(dig(ref, "branch")) if ref is None or mapping(ref).keys() == {"branch"} else HOLE


def _of_sync(made: Made, sync: Pointer, what: str) -> Iterator[Planted]:
    url, ref = text(dig(made.data, *sync, "url")), _known(dig(made.data, *sync, "ref"))
    yield from _planted(made, what, url, (*sync, "path"), ref.removeprefix("refs/heads/"))


def _of_spec(made: Made, spec: Pointer, name: str) -> Iterator[Planted]:
    several = [(*spec, "sources", number) for number, _ in enumerate(sequence(dig(made.data, *spec, "sources")))]
    for pointer in several or [(*spec, "source")]:
        source = mapping(dig(made.data, *pointer))
        deep = dig(source, "directory", "recurse") in (True, UNREAD)
        if "chart" not in source and "path" in source:
            url, revision = text(source.get("repoURL")), _known(source.get("targetRevision"))
            told = _planted(made, f"Application '{name}'", url, (*pointer, "path"), revision)
            yield from (each._replace(deep=deep, built=not _BUILT.isdisjoint(source)) for each in told)


def _known(value: Any) -> str:
    """A text, empty where nothing is said."""
    return "" if value is None else value if isinstance(value, str) else HOLE


def _planted(made: Made, what: str, url: str, pointer: Pointer, revision: str) -> Iterator[Planted]:
    path = dig(made.data, *pointer)
    if isinstance(path, str):
        place, origins = made.source(pointer)
        yield Planted(what, url, path, revision, place, origins)
