"""The findings that what other overlays render may settle: which are left, and where these stand in files."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from scaffold import load, workers
from scaffold.assemble import chart_objects
from scaffold.assemble.apart import Cluster
from scaffold.cache import Cache
from scaffold.model import Finding, How, LocatedFinding, Manifest, Overlay, SourceFile
from scaffold.validate import elsewhere, far, rendering, tracing
from scaffold.validate.job import Job, Rendered

_Made = Mapping[str, tuple[Manifest, ...] | str]
_Wanted = Mapping[str, Sequence[Finding]]
_Located = dict[str, tuple[LocatedFinding, ...]]


def left(
    rendered: Mapping[str, Rendered],
    overlays: Mapping[str, Overlay],
    files: Mapping[str, SourceFile],
    clusters: Mapping[str, Cluster],
) -> dict[str, list[Finding]]:
    """The findings of overlays, by their names, that nothing in any overlay settles."""
    found = elsewhere.standing(unsettled(rendered), overlays, files, clusters)
    return {name: several for name, several in found.items() if several}


def unsettled(rendered: Mapping[str, Rendered]) -> dict[str, Sequence[Finding]]:
    """The same before anything was settled."""
    return {name: item.unsettled for name, item in rendered.items() if item.unsettled}


def traced(  # a run's own values, and what is asked of it
    job: Job, overlays: Sequence[Overlay], findings: _Wanted, cache: Cache, version: str, jobs: int
) -> _Located:
    """Where findings of overlays, by their names, stand in files; kept as results are."""
    wanted = [overlay for overlay in overlays if overlay.name in findings]
    keys = {name: _key(key, findings[name]) for name, key in rendering.named(job, wanted, version).items()}
    kept = cache.get_many(keys.values())
    found: _Located = {name: kept[key] for name, key in keys.items() if key in kept}
    missing = [overlay for overlay in wanted if overlay.name not in found]
    fresh = dict(_traced(job, missing, findings, jobs))
    cache.put_many({keys[name]: located for name, located in fresh.items()})
    return {**found, **fresh}


def _key(key: str, findings: Sequence[Finding]) -> str:
    return f"traced:{key}:{load.digest(repr(findings).encode(errors='backslashreplace'))}"


def _traced(job: Job, overlays: Sequence[Overlay], findings: _Wanted, jobs: int) -> _Located:
    context = (rendering.with_kustomizations(job, overlays), rendering.manifests(job, overlays, jobs), findings)
    located = workers.each(_one, context, overlays, jobs, "tracing findings")
    return {overlay.name: each for overlay, each in zip(overlays, located, strict=True)}


def _one(context: tuple[Job, _Made, _Wanted], overlay: Overlay) -> tuple[LocatedFinding, ...]:
    job, made, findings = context
    manifests = made[overlay.name]
    if isinstance(manifests, str) and overlay.how is not How.HELM:
        with far.parts(job, [overlay]) as parts:
            part = parts[overlay.name]
            full, known = dataclasses.replace(overlay, manifests=part.made.manifests), part.repository
            return tuple(tracing.located(job.root, job.builder, full, known, findings[overlay.name], part.root))
    if isinstance(manifests, str):
        manifests = chart_objects.own(job.helm_program, job.root, overlay, job.helm_cache)
    full = dataclasses.replace(overlay, manifests=manifests)
    return tuple(tracing.located(job.root, job.builder, full, job.repository, findings[overlay.name]))
