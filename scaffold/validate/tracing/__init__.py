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
    for finding in findings:
        overlay = built.get(finding.place.overlay) if finding.place.identity else None
        made = charted.get((finding.place.overlay, finding.place.identity)) if finding.place.identity else None
        if overlay is None:
            release = releases.get(finding.place.overlay)
            yield _of_values(Texts(root), release, made, finding) if release and made else finding
            continue
        if overlay.name not in tracers:
            objects = [*repository.patched, *(m for cluster in repository.flux for m in cluster.objects)]
            own = (m for m in objects if m.overlay and m.overlay == finding.place.overlay)
            kept = (bodies.read(overlay, item) for item in overlay.objects if item.body)
            scaled = (_scaled(overlay, item) for item in overlay.objects if item.replicas and not item.body)
            full = dataclasses.replace(overlay, manifests=(*own, *kept, *scaled))
            tracers[overlay.name] = Tracer(root, builder, full, synced.levels(full, repository), Texts(root))
        yield tracers[overlay.name].traced(finding)


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
