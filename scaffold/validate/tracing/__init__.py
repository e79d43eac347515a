"""From a field of a rendered object back to the file, line and column that set it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path

from scaffold.assemble import bodies
from scaffold.model import Finding, How, LocatedFinding, Manifest, Overlay, RenderedObject, Repository
from scaffold.render import builders
from scaffold.validate import locating
from scaffold.validate.tracing import charts, synced
from scaffold.validate.tracing.texts import Texts
from scaffold.validate.tracing.tracer import Tracer


def located(
    root: Path,
    builder: builders.Builder,
    overlay: Overlay,
    repository: Repository,
    findings: Iterable[Finding],
    copy: Path | None = None,
) -> list[LocatedFinding]:
    """Locate the findings of one overlay, asking kustomize once where its objects came from.

    It may have to ask of a copy of the repository, since the overlay cannot be built as it is.
    """
    tracer = Tracer(copy or root, builder, overlay, synced.levels(overlay, repository), Texts(root))
    return list(locating.in_files(root, (tracer.traced(finding) for finding in findings)))


def through_builds(
    root: Path, builder: builders.Builder, repository: Repository, findings: Iterable[Finding]
) -> Iterator[Finding]:
    """Trace findings about objects of engines to what sets them above their files; others are given as they are.

    What a chart makes is traced to the values that set it.
    """
    patched = {manifest.overlay for manifest in repository.patched}
    overlays = {overlay.name or ".": overlay for overlay in repository.overlays.values()}
    built = {
        name: overlay
        for name, overlay in overlays.items()
        if overlay.build or name in patched or overlay.how is How.KUSTOMIZE
    }
    charted = {(item.overlay, item.identity): item for item in repository.charted}
    releases = {item.path or ".": item for item in overlays.values() if item.how is How.HELM}
    tracers: dict[str, Tracer] = {}

    def traced(finding: Finding) -> Finding:
        """What sets a field, and what sets that where it is one of a Kustomization that is made in its turn."""
        place = finding.place
        overlay = built.get(place.overlay) if place.identity else None
        made = charted.get((place.overlay, place.identity)) if place.identity else None
        if overlay is None:
            release = releases.get(place.overlay)
            return _of_values(Texts(root), release, made, finding) if release and made else finding
        if overlay.name not in tracers:
            tracers[overlay.name] = _tracer(root, builder, repository, overlay, place.overlay)
        found = tracers[overlay.name].traced(finding)
        return traced(found) if found.place.identity and found.place.overlay != place.overlay else found

    yield from map(traced, findings)


def _tracer(root: Path, builder: builders.Builder, repository: Repository, overlay: Overlay, name: str) -> Tracer:
    """The tracer of an overlay with what is kept of its objects."""
    objects = [*repository.patched, *(m for cluster in repository.flux for m in cluster.objects)]
    own = (m for m in objects if m.overlay and m.overlay == name)
    kept = (bodies.read(overlay, item) for item in overlay.objects if item.body)
    scaled = (_scaled(overlay, item) for item in overlay.objects if item.replicas and not item.body)
    full = dataclasses.replace(overlay, manifests=(*own, *kept, *scaled))
    return Tracer(root, builder, full, synced.levels(full, repository, made=True), Texts(root))


def _scaled(overlay: Overlay, item: RenderedObject) -> Manifest:
    """What is remembered of a workload, whose replicas can be traced by that."""
    metadata = {"name": item.name, **({"namespace": item.namespace} if item.namespace else {})}
    data = {
        "apiVersion": item.api_version,
        "kind": item.kind,
        "metadata": metadata,
        "spec": {"replicas": item.replicas},
    }
    return Manifest(data, "", overlay=overlay.name or ".")


def _of_values(texts: Texts, release: Overlay, made: Manifest, finding: Finding) -> Finding:
    place = finding.place
    found = charts.source(texts, release, made, place.pointer, at_key=place.at_key)
    return finding._replace(place=found._replace(overlay=place.overlay))
