"""Build overlays in batches and run the rules that look at one overlay at a time."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scaffold import load, workers
from scaffold.cache import Cache
from scaffold.model import (
    How,
    Manifest,
    Overlay,
)
from scaffold.render import NotRenderedError, RenderError
from scaffold.validate import batches, checking, far, making
from scaffold.validate.ahead import Ahead
from scaffold.validate.job import Job, Rendered
from scaffold.validate.shelves import Shelves


def render(  # a run's own values, and what is asked of it
    job: Job, planned: Sequence[Overlay], cache: Cache, version: str, jobs: int, begun: Ahead | None = None
) -> dict[str, Rendered]:
    """Every overlay's result, from the cache where nothing that it reads has changed."""
    keys = named(job, planned, version)
    shelves = Shelves(cache, str(job.root), keys)
    results = shelves.results()
    missing = [overlay for overlay in planned if overlay.name not in results]
    job = with_kustomizations(job, missing)
    fresh: dict[str, Rendered] = {}
    built = begun.taken(job.builder, missing) if begun and missing else None
    if built is not None:
        fresh, missing = _checked(job, missing, built), []
    for part in workers.each(_render_batch, job, _work(job, missing, jobs), jobs, "rendering overlays"):
        fresh.update(part)
    # What could not be rendered here may be possible on the next run, with a chart or a renderer more.
    known = {overlay.name for overlay in planned if overlay.skipped}
    shelves.keep({name: made for name, made in fresh.items() if not made.skipped or name in known})
    return {**results, **fresh}


def named(job: Job, planned: Sequence[Overlay], version: str) -> dict[str, str]:
    """Names for everything that the result of each overlay depends on, apart from where the repository stands."""
    common = f"{version} {job.repository.conventions!r} {sorted(job.repository.own_schemas.items())!r}"
    told = load.digest(common.encode(errors="backslashreplace"))
    return {overlay.name: _key(job, overlay, told) for overlay in planned}


def manifests(job: Job, planned: Sequence[Overlay], jobs: int) -> dict[str, tuple[Manifest, ...] | str]:
    """What overlays render to, or why one does not."""
    job = with_kustomizations(job, planned)
    found: dict[str, tuple[Manifest, ...] | str] = {}
    for part in workers.each(_manifests_of_batch, job, _work(job, planned, jobs), jobs, "rendering overlays"):
        found.update(part)
    return found


def _manifests_of_batch(job: Job, overlays: list[Overlay]) -> dict[str, tuple[Manifest, ...] | str]:
    built = making.built(job, [overlay for overlay in overlays if not overlay.error and not overlay.skipped])
    return {overlay.name: _made_or_not(job, overlay, built) for overlay in overlays}


def _made_or_not(
    job: Job, overlay: Overlay, built: Mapping[str, list[Any] | RenderError]
) -> tuple[Manifest, ...] | str:
    if overlay.error or overlay.skipped:
        return overlay.error or overlay.skipped
    try:
        return making.made(job, overlay, built).manifests
    except (NotRenderedError, RenderError) as error:
        return str(error)


def with_kustomizations(job: Job, overlays: Sequence[Overlay]) -> Job:
    """The job with the kustomizations that the builds of some overlays enter, and no others."""
    files = job.repository.files
    read = {path: files[path] for overlay in overlays for path in overlay.reads if path in files}
    return dataclasses.replace(
        job, repository=dataclasses.replace(job.repository, kustomizations=load.kustomizations(read))
    )


def _key(job: Job, overlay: Overlay, common: str) -> str:
    """A hash of everything that the result depends on."""
    parts = [common, repr(overlay)]  # which names the files
    for path in overlay.reads:
        file = job.repository.files.get(path)
        parts.append(file.digest if file else _digest(job.root / path))
    return "overlay:" + hashlib.blake2b("\0".join(parts).encode(), digest_size=20).hexdigest()


def _digest(path: Path) -> str:
    """The content of a file that is no YAML of the repository."""
    try:
        return load.digest(path.read_bytes()) if path.is_file() else "no file"
    except OSError:
        return "absent"


def _work(job: Job, overlays: Sequence[Overlay], jobs: int) -> list[list[Overlay]]:
    kustomized = [o for o in overlays if o.how is How.KUSTOMIZE and not o.error and not o.skipped]
    synced_ = [o for o in overlays if o.how is How.FLUX and not o.error and not o.skipped]
    others = [o for o in overlays if o.how not in (How.KUSTOMIZE, How.FLUX) or o.error or o.skipped]
    size = max(1, min(20, -(-len(others) // max(1, jobs))))
    chunks = [others[start : start + size] for start in range(0, len(others), size)]
    several = [batches.batches(part, job.repository, jobs) for part in (kustomized, synced_) if part]
    return [batch for part in several for batch in part] + chunks


def _render_batch(job: Job, overlays: list[Overlay]) -> dict[str, Rendered]:
    built = making.built(job, [overlay for overlay in overlays if not overlay.error and not overlay.skipped])
    return _checked(job, overlays, built)


def _checked(
    job: Job, overlays: Sequence[Overlay], built: Mapping[str, list[Any] | RenderError]
) -> dict[str, Rendered]:
    with far.parts(job, overlays) as parts:
        return {overlay.name: checking.checked(job, overlay, built, parts) for overlay in overlays}
