"""What Terraform tells an engine to read: by the Applications and Kustomizations that it makes, as far as is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scaffold.assemble.terraform import files, modules, objects
from scaffold.assemble.terraform.made import Made
from scaffold.assemble.terraform.objects import Planted
from scaffold.assemble.terraform.scopes import HOLE, Scope
from scaffold.model import Place, Repository, dig, mapping, sequence
from scaffold.model.values import text
from scaffold.parse.hcl import UNREAD, Attribute, Block

_WORDS = (
    *("argocd_application", "argocd-apps", "argoproj.io", "fluxcd", "flux-instance", "flux2-sync"),
    "flux_bootstrap_git",
)
_MANIFESTS = {"kubectl_manifest": "yaml_body", "kubernetes_manifest": "manifest"}
_SET = re.compile(rf"(?i){HOLE}|application|object|source|repository|sync|kustomization")


def found(repository: Repository) -> Iterator[Planted]:
    """Everything whose address and path are known to the end."""
    directories = files.directories(repository, *_WORDS)
    for scope in modules.uses(repository, directories) if directories else ():
        for each in _of(repository, scope):
            if each.url and each.path and HOLE not in f"{each.url}{each.path}{each.revision}":
                yield each


def _of(repository: Repository, scope: Scope) -> Iterator[Planted]:
    manifests = []
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
            manifests.append(Made.of(scope, path, given))
    repositories = (each.data for each in manifests if _is_source(each.data))
    sources = {text(dig(data, "metadata", "name")): data for data in repositories}
    for made in manifests:
        yield from objects.of_object(made, (), sources)


def _is_source(data: Any) -> bool:
    return dig(data, "kind") == "GitRepository" and "fluxcd" in text(dig(data, "apiVersion"))


def _of_block(scope: Scope, path: str, block: Block, name: str) -> Iterator[Planted]:
    """The sources of a resource of Argo CD's own provider."""
    for source in (each for spec in block.of("spec") for each in spec.of("source")):
        told = {key: scope.value(each.value) for key, each in source.attributes.items()}
        at = source.attributes.get("path")
        if at and "chart" not in told:
            place = Place(path, line=at.line, column=at.column)
            built = not objects.BUILT.isdisjoint(each.type for each in source.blocks)
            recursing = [each.attributes.get("recurse") for each in source.of("directory")]
            deep = any(scope.value(each.value) in (True, UNREAD) for each in recursing if each)
            origins = tuple(scope.origins(at.value))
            url, revision = text(told.get("repo_url")), objects.known(told.get("target_revision"))
            what = objects.called("Application", name)
            yield Planted(what, url, text(told.get("path")), revision, place, origins, deep, built)


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
        yield from objects.of_values(name, Made.of(scope, path, Attribute(listed[0], values.line, values.column)))


def _sets_paths(scope: Scope, block: Block) -> bool:
    """Tell whether a value may be set beside those in `values` that says what is read."""
    names = [scope.value(each.attributes["name"].value) for each in block.of("set") if "name" in each.attributes]
    if told := block.attributes.get("set"):
        names += [dig(item, "name") for item in sequence(scope.value(told.value))] or [UNREAD]
    told_later = any("set" in each.labels for each in block.of("dynamic"))
    return told_later or not all(isinstance(name, str) and _SET.search(name) is None for name in names)
