"""A kustomization refers to a file or directory that is not there.

The build of every overlay above it fails; Argo CD reports a ComparisonError, Flux a BuildFailed. A file that a script
of the repository writes, or a command that its manual shows, may be missing where a plugin builds or no engine does, as
engines run no script; so may one that Git ignores, where no engine builds it, and what is called a secret where the
manual says that this is a sanitized copy, or a redacted one. A kustomization that nothing builds, and whose only file
stands in another one by a name of its own, is a leftover.

Fails:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - deployment.yaml

Passes:

    # kustomization.yaml
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - config.yaml
    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.model import Finding, Kustomization, Place, Reference, Repository, Severity, above
from scaffold.nearest import near, near_apart
from scaffold.rules import templated

ID = "missing-resource"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_DIRECTORIES = frozenset(("resources", "bases", "components"))
_ENTERED = frozenset(("bases", "components"))  # which are no files (kustomize 5.8)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every reference that leads nowhere, or to a directory that kustomize cannot build."""
    sources = templated.directories(repository)
    for item in repository.kustomizations.values():
        if templated.holds(sources, item.directory):
            continue
        for reference in item.references:
            fact = _fact(repository, item, reference)
            if fact:
                moved = _moved(repository, item, reference)
                remedy = _LEFT if moved else _remedy(repository, item, reference)
                message = f"{_noun(reference)} {reference.text!r} {fact}; {remedy}"
                subject = f"{reference.field}/{reference.text}"
                yield Finding(item.place(*reference.pointer), ID, message, subject=subject, related=moved)


def _fact(repository: Repository, item: Kustomization, reference: Reference) -> str:
    if reference.remote:
        return ""
    if _is_outside(repository, item, reference.target):
        return _OUTSIDE
    if reference.target not in repository.paths:
        return "" if reference.target in repository.written else "is not there"
    is_directory = reference.target in repository.directories
    if is_directory and reference.field in _DIRECTORIES and not _has_kustomization(repository, reference.target):
        return _BARE
    return ""


def _is_outside(repository: Repository, item: Kustomization, target: str) -> bool:
    """Another repository is outside too, be it validated together with this one."""
    home = repository.conventions.home(item.directory)
    return repository.conventions.home(target) != home or (not home and target.startswith(".."))


def _has_kustomization(repository: Repository, directory: str) -> bool:
    """One that cannot be read is there all the same, and another rule's."""
    return any(posixpath.join(directory, name) in repository.files for name in KUSTOMIZATION_NAMES)


_OUTSIDE = "is outside the directory that is validated"
_TELLING = re.compile(r"[-_].*\.")  # in the name of a file: others, as `service.yaml`, are in many directories
_LEFT = "remove this kustomization, which nothing builds, since {0} lists one of that name"
_BARE = "is a directory without a kustomization"
_NOUNS = {
    "resources": "resource",
    "bases": "base",
    "components": "component",
    "patches": "patch",
    "patchesJson6902": "patch",
    "patchesStrategicMerge": "patch",
    "configMapGenerator": "generator file",
    "secretGenerator": "generator file",
}


def _noun(reference: Reference) -> str:
    return _NOUNS.get(reference.field, f"{reference.field} file")


def _remedy(repository: Repository, item: Kustomization, reference: Reference) -> str:
    """The path that was probably meant: the same name elsewhere, or a similar one beside it."""
    if _fact(repository, item, reference) == _BARE:
        below = _below(repository, item, reference)
        return f"did you mean {below!r}?" if below else "add a kustomization.yaml there, or list its files"
    if _is_outside(repository, item, reference.target):
        return "validate the directory that holds both, or move it here"
    name = posixpath.basename(reference.target)
    parent = posixpath.dirname(reference.target)
    beside = {posixpath.basename(p): p for p in repository.paths if posixpath.dirname(p) == parent and p != parent}
    listed = {other.target for other in item.references} | {*above(item.manifest.path)}
    free = [n for n, path in beside.items() if n not in KUSTOMIZATION_NAMES and path not in listed]
    guess = _like(name, free)
    same = [p for p in repository.paths if posixpath.basename(p) == name and "/" in p and p not in listed]
    same = [p for p in same if not _is_of_another(repository, p)]
    meant = beside[guess] if guess else same[0] if len(same) == 1 else ""
    if not meant:
        return "add it, or remove the line"
    path = posixpath.relpath(meant, item.directory or ".")
    if reference.field in _ENTERED and meant not in repository.directories:
        return f"list {path!r} in resources, as a {_noun(reference)} is a directory"
    return f"did you mean {path!r}?"


def _moved(repository: Repository, item: Kustomization, reference: Reference) -> tuple[Place, ...]:
    """Where a file of that name is listed that is there, if nothing builds this kustomization, which lists no more."""
    name, beside = posixpath.basename(reference.target), f"{item.directory}/"
    alone = not any(path.startswith(beside) and path != item.manifest.path for path in repository.paths)
    if not (alone and _TELLING.search(name)) or len(item.references) > 1 or _is_entered(repository, item.directory):
        return ()
    others = ((other, each) for other in repository.kustomizations.values() for each in other.references)
    found = [
        other.place(*each.pointer)
        for other, each in others
        if posixpath.basename(each.target) == name and each.target in repository.files
    ]
    return tuple(found) if len(found) == 1 else ()


def _is_entered(repository: Repository, directory: str) -> bool:
    """Tell whether something builds a directory, or what cannot be known may."""
    listed = {each.target for item in repository.kustomizations.values() for each in item.references}
    listed |= {source.path for application in repository.foreseen for source in application.sources}
    listed |= {overlay.path for overlay in repository.overlays.values() if overlay.build}
    return directory in listed or any(item.unverifiable for item in repository.sets)


def _below(repository: Repository, item: Kustomization, reference: Reference) -> str:
    """The one kustomization in a directory below one that has no file of its own; nothing where there are several."""
    if any(file.directory == reference.target for file in repository.files.values()):
        return ""
    found = [path for path in repository.kustomizations if path.startswith(f"{reference.target}/")]
    listed = {other.target for other in item.references}
    fits = len(found) == 1 and repository.kustomizations[found[0]].is_component == (reference.field == "components")
    return posixpath.relpath(found[0], item.directory or ".") if fits and found[0] not in listed else ""


def _is_of_another(repository: Repository, path: str) -> bool:
    """Tell whether a file is listed by the kustomization beside it, and so is that one's."""
    beside = repository.kustomizations.get(posixpath.dirname(path))
    return beside is not None and path in {reference.target for reference in beside.references}


def _like(name: str, others: list[str]) -> str:
    """The most similar name: an ending that all files have makes none of them so."""
    stem, ending = posixpath.splitext(name)
    alike = [posixpath.splitext(other)[0] for other in others if posixpath.splitext(other)[1] == ending]
    guess = near_apart(stem, alike)
    return f"{guess}{ending}" if guess else near(name, [n for n in others if not n.endswith(ending or "/")])
