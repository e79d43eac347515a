"""What applications deploy from this repository, as far as it is rendered."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from scaffold.assemble import addresses, charts, ranks
from scaffold.assemble.clusters import registered
from scaffold.assemble.meeting import control_plane
from scaffold.expand.permission import resolve_destination
from scaffold.expand.source_types import reads
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.expand.urls import normalize
from scaffold.model import Application, How, Overlay, RenderedObject, Repository, Source, above, dig, mapping

_RENAMING = frozenset(("namePrefix", "nameSuffix", "namespace", "patches"))


def built(repository: Repository, application: Application, source: Source) -> Overlay | None:
    """What is built for a source of an application, in this repository."""
    known = repository.overlays
    return known.get(charts.label(source.path, application)) or known.get(source.path)


def objects(repository: Repository, application: Application) -> Iterator[tuple[Overlay, RenderedObject]]:
    """The objects of an application's kustomizations and plain directories, under the names that they will have.

    Charts are left out, since several applications may render one with other values, and so is what a source changes
    by options of its own. What a plugin makes of a kustomization is what that gives, but for values.
    """
    for source in application.sources:
        if source.here and not source.ref:
            for overlay in _overlays(repository, source):
                yield from ((overlay, item) for item in overlay.objects)


def of_charts(repository: Repository, application: Application) -> Iterator[tuple[Overlay, RenderedObject]]:
    """The objects of an application's charts, as that application renders them."""
    for source in application.sources:
        overlay = built(repository, application, source) if source.here and source.how is How.HELM else None
        if overlay is not None and overlay.how is How.HELM:
            yield from ((overlay, item) for item in overlay.objects)


def foreseen(repository: Repository, application: Application) -> Iterator[tuple[Overlay, RenderedObject]]:
    """The objects of all its sources under the names that they will have, as far as the tree at hand tells.

    A kustomization counts also where the application is pinned to another revision.
    """
    yield from objects(repository, application)
    yield from of_charts(repository, application)
    for source in application.sources:
        overlay = repository.overlays.get(source.path)
        if overlay and not source.here and not source.ref and is_own(repository, source) and _is_as_built(source):
            yield from ((overlay, item) for item in overlay.objects if overlay.how is How.KUSTOMIZE)


def _is_as_built(source: Source) -> bool:
    """Tell whether a source says nothing but options of kustomize, and no name by them."""
    told = {"directory", "helm", "plugin"} & source.options.keys()
    return not told and _RENAMING.isdisjoint(mapping(source.options.get("kustomize")))


def likely(repository: Repository, application: Application) -> list[RenderedObject] | None:
    """All its objects, also where it is pinned to another revision than the one at hand; None where any is unknown.

    So it is, too, where its generator makes more applications than the files tell, which share what its template says.
    """
    if (application.place.path, application.place.document) in repository.once(_open):
        return None
    found: list[RenderedObject] = []
    for source in application.sources:
        overlay = built(repository, application, source)
        own = is_own(repository, source)
        whole = overlay and overlay.how is How.KUSTOMIZE and overlay.objects and not (overlay.error or overlay.partial)
        if overlay is None or not own or not whole or source.options.get("helm") or source.options.get("directory"):
            return None
        found += overlay.objects
    return found


def clusters(repository: Repository) -> dict[str, str]:
    """The cluster that an overlay is for, by its name: those alone that engines deploy to one, as far as files tell."""
    return {name: " of ".join(filter(None, reversed(place))) for name, place in places(repository).items() if place[-1]}


def places(repository: Repository) -> dict[str, tuple[str, str, str]]:
    """Where an overlay is deployed to, by its name: the control plane and the environment that do so, the cluster.

    Each is empty where files do not tell it; those overlays alone that are deployed to one place.
    """
    found: dict[str, set[tuple[str, str, str]]] = {}
    known = ranks.known(repository.directories)
    for application in repository.foreseen:
        told = application.tells(application.cluster, application.server)
        where = (application.cluster or application.server) if told else ""
        # What tells the Argo CD of an application from others, as far as its place does.
        plane = control_plane(application), ranks.part(application.place.path, known)
        for overlay in (built(repository, application, source) for source in application.sources if source.here):
            if overlay:
                found.setdefault(overlay.name, set()).add((*plane, where))
    for cluster in repository.flux:
        for sync in cluster.syncs:
            found.setdefault(sync.overlay, set()).add(("", "", cluster.name or "."))
    return {name: next(iter(several)) for name, several in found.items() if name and len(several) == 1}


def cluster(repository: Repository, application: Application) -> str:
    """The address of the cluster that an application goes to, or its name where nobody registers that."""
    given = mapping(dig(application.data, "spec", "destination"))
    found = resolve_destination(given, registered(repository.conventions))
    return found.server or found.name or ""


def is_own(repository: Repository, source: Source) -> bool:
    """Tell whether a source is of this repository, at whatever revision."""
    return not source.chart and normalize(source.repo_url) in addresses.deployed(repository)


def readers(repository: Repository, path: str) -> Iterator[tuple[Application, Source, bool]]:
    """The applications that read a file in a directory of plain manifests, at whatever revision.

    Options of `directory` say what a source is, also where a kustomization stands (Argo CD 3.5). The last tells whether
    that is sure, since some globs mean what nobody knows.
    """
    known = repository.once(_plain)
    for application, source in (item for place in ("", *above(path)) for item in known.get(place, ())):
        try:
            read, sure = reads(mapping(source.options.get("directory")), path[len(source.path) :].lstrip("/")), True
        except UnverifiableError:
            read, sure = True, False
        if read:
            yield application, source, sure


def _plain(repository: Repository) -> dict[str, list[tuple[Application, Source]]]:
    """The sources that are read as plain manifests, by their directories."""
    found: dict[str, list[tuple[Application, Source]]] = {}
    for application, source in ((item, source) for item in repository.foreseen for source in item.sources):
        told = source.how is How.PLAIN or (not source.here and bool(source.options.get("directory")))
        if told and is_own(repository, source):
            found.setdefault(source.path, []).append((application, source))
    return found


def _open(repository: Repository) -> frozenset[tuple[str, int]]:
    """Where the generators stand of which files do not tell all applications."""
    unknown = (item.manifest for item in repository.sets if item.unverifiable or item.errors)
    return frozenset((manifest.path, manifest.document) for manifest in unknown)


def _overlays(repository: Repository, source: Source) -> Iterator[Overlay]:
    options = mapping(source.options.get("directory"))
    overlay = repository.overlays.get(source.path)
    kustomized = source.how is How.KUSTOMIZE or (source.how is None and "plugin" in source.options)
    if kustomized and overlay and overlay.how is How.KUSTOMIZE:
        if _RENAMING.isdisjoint(mapping(source.options.get("kustomize"))):
            yield overlay
    elif source.how is How.PLAIN and not (options.get("include") or options.get("exclude")):
        if overlay and overlay.how is How.PLAIN:
            yield overlay
        if options.get("recurse") is True:
            yield from _below(repository, source.path)


def _below(repository: Repository, directory: str) -> Iterator[Overlay]:
    for path, overlay in repository.overlays.items():
        if (
            overlay.how is How.PLAIN
            and path != directory
            and posixpath.join(directory, "") == path[: len(directory) + 1]
        ):
            yield overlay
