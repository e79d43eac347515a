"""The manifests of overlays, as the engine that deploys each of them makes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.assemble import chart_objects, unsteady
from scaffold.assemble.flux import made as synced
from scaffold.model import How, Manifest, Overlay
from scaffold.render import NotRenderedError, RenderError, kustomize
from scaffold.validate import plain
from scaffold.validate.job import Job

_PLUGIN = "it needs a plugin of kustomize, and none is ever run"


def built(job: Job, overlays: list[Overlay]) -> dict[str, list[Any] | RenderError]:
    """What kustomize gives of some overlays, by their names, or why it gives nothing; charts are left to `made`."""
    wanted = [overlay.path for overlay in overlays if overlay.how is How.KUSTOMIZE]
    found = kustomize.build_many(job.builder, job.root, wanted) if wanted else {}
    told = [overlay for overlay in overlays if overlay.how is How.FLUX]
    return {**found, **synced.built(job.builder, job.root, job.repository, told)} if told else found


def made(job: Job, overlay: Overlay, built: Mapping[str, list[Any] | RenderError]) -> synced.Made:
    """The manifests of one overlay; raises NotRenderedError or RenderError where there are none."""
    if overlay.how is not How.FLUX:
        return synced.Made(tuple(_manifests(job, overlay, built)))
    result = built[overlay.name]
    if isinstance(result, RenderError):
        raise NotRenderedError(_PLUGIN) if "external plugins disabled" in str(result) else result
    return synced.made(overlay, result)


def _of_chart(job: Job, overlay: Overlay) -> list[Manifest]:
    """What a chart makes; without values that are given from outside it need not be possible."""
    try:
        made = list(chart_objects.of(job.helm_program, job.root, overlay, job.helm_cache))
        if not unsteady.may_be(job.root, overlay, made):
            return made
        return unsteady.told(made, list(chart_objects.of(job.helm_program, job.root, overlay, job.helm_cache)))
    except RenderError as error:
        if overlay.release and overlay.release.open:
            raise NotRenderedError(f"helm cannot build it with the values that are here, {error}") from error
        raise


def _manifests(job: Job, overlay: Overlay, built: Mapping[str, list[Any] | RenderError]) -> Iterator[Manifest]:
    if overlay.how is How.PLAIN:
        yield from plain.objects(job.root, overlay.reads)
        return
    if overlay.how is How.HELM:
        yield from _of_chart(job, overlay)
        return
    result = built[overlay.path]
    if isinstance(result, RenderError):
        raise NotRenderedError(_PLUGIN) if "external plugins disabled" in str(result) else result
    yield from (Manifest(item, "", overlay=overlay.path or ".") for item in result if isinstance(item, Mapping))
