"""A manifest stands beside a kustomization that does not list it.

Nothing applies it: an alert, a policy or a disruption budget that somebody believes to be there is not. One that a
comment of the kustomization names is left out on purpose, as is what stands in a directory that is commented out in one
above, and what is called as such a directory that nothing builds. What a script or a pipeline names is applied by that,
what a manual applies or writes by whoever reads it, and by a hand an Application that deploys the directory that it
stands in, and others or Argo CD itself there, and the Kustomization that a cluster of Flux begins with. What an
Application reads as plain manifests, by options of `directory`, is applied whatever the kustomization lists (Argo CD
3.5). Passed over too are the samples of a directory that is called so, where the kustomization lists one of them, and
what is encrypted where no engine decrypts what the kustomization lists. What an overlay above makes already, or one for
the same cluster, is not to be listed, nor is what is called a patch. What was exported from a cluster and is called a
backup, or `live`, `old` and the like, is kept to look at, and a Job that is called a fix, a cleanup, a restore and the
like, and has no annotation of an engine, is kept to be run by hand. In a directory below that has no kustomization it
is told of where the one above lists most files of that directory one by one, or all files below it but one with a
SealedSecret or an ExternalSecret.

Fails:

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
    # budget.yaml
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: web

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
from collections.abc import Container, Iterator

from scaffold.assemble import backups, readers
from scaffold.assemble.overlays import is_object
from scaffold.model import (
    Confidence,
    Finding,
    Kustomization,
    Place,
    Repository,
    Severity,
    SourceFile,
    dig,
)
from scaffold.model.flux import SYNC
from scaffold.nearest import near
from scaffold.rules import listing, rivals, unlisted

ID = "orphan-manifest"
SEVERITY = Severity.WARNING
SCOPE = "repository"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every file with manifests in a kustomization's directory that no kustomization and no chart reads."""
    read = {path for directory in repository.kustomizations for path in _own(repository, directory)}
    read.update(path for overlay in repository.overlays.values() for path in overlay.reads)
    by_hand = unlisted.begun_by_hand(repository, read)
    out = unlisted.put_off(repository)
    yield from _beside_siblings(repository, read)
    yield from _beside_listed(repository, read, by_hand)
    for path, file in repository.files.items():
        item = repository.kustomizations.get(file.directory)
        if item is None or path in read or path in repository.scripted or not _declares(file):
            continue
        if backups.is_one(file) or (file.heads and all(head.name in out for head in file.heads)):
            continue  # nobody believes that it is applied
        if unlisted.is_meant(repository, file, by_hand) or near(posixpath.basename(path), _absent(repository, item)):
            continue  # or it is listed, but misspelled
        if _is_encrypted(file) and not _is_decrypted(repository, item):
            continue  # a plugin reads it, or a hand that decrypts it first
        variant, rival = _is_variant(repository, file), rivals.elsewhere(repository, file, item)
        if (variant or rival) and posixpath.basename(file.directory) in unlisted.SAMPLES:
            continue  # one of them is for each who installs it
        if file.directory in unlisted.directories(file) and not (variant or rival):
            yield _finding(file, *_deploying_itself(repository, file))
        elif variant:
            yield _finding(file, *_variant(repository, file, item))
        elif rival:
            yield _finding(file, *_held(repository, rival))
        else:
            yield _finding(file, *_beside(repository, file, item))


def _beside_siblings(repository: Repository, read: Container[str]) -> Iterator[Finding]:
    """Kustomizations of Flux a directory below one that lists others just there, and them not.

    That has to be built itself, and says in no comment that it leaves them out.
    """
    built = {path for overlay in repository.overlays.values() if overlay.build for path in overlay.reads}
    for path, file in repository.files.items():
        above, name = posixpath.dirname(file.directory), posixpath.basename(path)
        item = repository.kustomizations.get(above) if file.directory not in repository.kustomizations else None
        if item is None or path in read or path in repository.scripted or item.manifest.path not in built:
            continue
        listed = (r.target for r in item.references if r.field == "resources" and r.target != path)
        alike = [target for target in listed if _depth(target) == _depth(path) and posixpath.basename(target) == name]
        if alike and _is_of_flux(file) and not unlisted.is_left_out(repository, path):
            yield _unlisted(file, item)


def _beside_listed(repository: Repository, read: Container[str], by_hand: Container[str]) -> Iterator[Finding]:
    """What stands in a directory below a kustomization that lists most of what is there, file by file, and not this."""
    listers, left_over = listing.listers(repository, read), listing.left_over(repository, read)
    for path, file in repository.files.items():
        item = listers.get(file.directory) or left_over.get(path)
        if item is None or path in read or path in repository.scripted or not _declares(file):
            continue
        if backups.is_one(file) or unlisted.is_meant(repository, file, by_hand) or unlisted.is_patch(file):
            continue
        slip = near(path, (r.target for r in item.references if not r.remote and r.target not in repository.paths))
        closed = _is_encrypted(file) and not _is_decrypted(repository, item)
        if not (slip or closed or rivals.elsewhere(repository, file, item) or listing.is_twice(repository, file)):
            where = "beside" if file.directory in listers else "below"
            why = f"since the kustomization above lists others {where} it, and not this"
            yield _finding(file, why, "add it to resources in {0}, or remove the file", item.place("resources"))


def _depth(path: str) -> int:
    return path.count("/")


def _is_of_flux(file: SourceFile) -> bool:
    return bool(file.heads) and all((head.group, head.kind) == SYNC for head in file.heads)


def _unlisted(file: SourceFile, item: Kustomization) -> Finding:
    head = file.heads[0]
    fact = f"Kustomization {head.name!r} is applied by nobody, since the kustomization above does not list it"
    message = f"{fact} as it does others; add it to resources in {{0}}, or remove the file"
    place = Place(file.path, head.document, ("metadata", "name"))
    return Finding(place, ID, message, SEVERITY, Confidence.MEDIUM, "orphan", (item.place("resources"),))


def _is_encrypted(file: SourceFile) -> bool:
    return any(dig(document, "sops", "mac") for document in file.documents or ())


def _is_decrypted(repository: Repository, item: Kustomization) -> bool:
    """Tell whether what a kustomization lists is decrypted, as Flux can do; a plugin for that would name the file."""
    built = any(overlay.build for overlay in readers.of(repository, item.manifest.path))
    return built and not item.manifest.get("generators")


def _variant(repository: Repository, file: SourceFile, item: Kustomization) -> tuple[str, str, *tuple[Place, ...]]:
    """Why nothing applies what is there already: listed beside it, or made by a component or by what builds that."""
    own = {(head.group, head.kind, head.name) for head in file.heads}
    for reference in item.references:
        other = repository.files.get(reference.target)
        if other and any((head.group, head.kind, head.name) in own for head in other.heads):
            remedy = "remove the file, or list it among patches"
            remedy += "" if unlisted.is_patch(file) else " or in place of the other"
            place = item.place(*reference.pointer)
            return "since the kustomization beside it ({0}) has another one of that name", remedy, place
    overlay = repository.overlays.get(file.directory)
    patchable = overlay and any((each.identity.group, each.kind, each.name) in own for each in overlay.objects)
    remedy = "remove the file, or list it among patches" if patchable else "remove the file"
    return "since another one of that name is built there", remedy


def _deploying_itself(repository: Repository, file: SourceFile) -> tuple[str, str, *tuple[Place, ...]]:
    """Why nothing applies what deploys the directory that it stands in, and where to list it: not in that."""
    above = listing.above(repository, file.directory)
    if above is None:
        return "since no kustomization lists it", "list it in one that is applied, or remove the file"
    whole = next((r for r in above.references if r.target == file.directory), None)
    if whole:
        return (
            "since {0} builds its directory itself",
            "remove the file, or list it there instead",
            above.place(*whole.pointer),
        )
    return (
        "since no kustomization lists it",
        "add it to resources in {0}, or remove the file",
        above.place("resources"),
    )


def _held(repository: Repository, rival: rivals.Rival) -> tuple[str, str, Place]:
    """Why what others make already is not to be listed: a build has no object twice, and a cluster has one owner."""
    whose = "builds this directory" if rival.same else "goes to the same cluster"
    fact = f"and {rival.overlay.name or '.'!r}, which {whose}, has another one of that name from {{0}}"
    return fact, "remove the file", rival.place(repository)


def _beside(repository: Repository, file: SourceFile, item: Kustomization) -> tuple[str, str, *tuple[Place, ...]]:
    fact, listing = "since the kustomization beside it does not list it", item.place("resources")
    if project := unlisted.forbidding(repository, file, item):
        remedy = f"remove the file, since project {project[0]!r} ({{1}}) forbids what it holds"
        return f"{fact} ({{0}})", remedy, listing, project[1]
    if unlisted.is_patch(file):
        return f"{fact} ({{0}})", "remove the file, or list it among patches where its object is built", listing
    return fact, "add it to resources in {0}, or remove the file", listing


def _finding(file: SourceFile, why: str, remedy: str, *related: Place) -> Finding:
    head, name = file.heads[0], posixpath.basename(file.path)
    message = f"{head.kind} {head.name!r} in {name!r} is applied by nobody, {why}; {remedy}"
    place = Place(file.path, head.document, ("kind",), at_key=True)
    return Finding(place, ID, message, SEVERITY, Confidence.HIGH, "orphan", related)


def _is_variant(repository: Repository, file: SourceFile) -> bool:
    """Tell whether the kustomization beside a file makes an object of the same name already."""
    overlay = repository.overlays.get(file.directory)
    made = {(item.identity.group, item.kind, item.name) for item in overlay.objects} if overlay else set()
    item = repository.kustomizations[file.directory]
    listed = (repository.files[r.target] for r in item.references if r.target in repository.files)
    made.update((head.group, head.kind, head.name) for each in listed for head in each.heads)
    return any((head.group, head.kind, head.name) in made for head in file.heads)


def _own(repository: Repository, directory: str) -> Iterator[str]:
    item = repository.kustomizations[directory]
    yield item.manifest.path
    yield from (reference.target for reference in item.references)


def _absent(repository: Repository, item: Kustomization) -> list[str]:
    """The names that a kustomization gives to files beside it that are not there."""
    absent = (r.target for r in item.references if not r.remote and r.target not in repository.paths)
    return [posixpath.basename(target) for target in absent if posixpath.dirname(target) == item.directory]


def _declares(file: SourceFile) -> bool:
    return any(is_object(head.api_version) and head.kind and head.name for head in file.heads)
