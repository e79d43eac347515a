"""Build overlays in batches and run the rules that look at one overlay at a time."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold import load, workers
from scaffold.assemble import chart_objects
from scaffold.assemble.flux import made as synced
from scaffold.cache import Cache
from scaffold.model import (
    Finding,
    How,
    LocatedFinding,
    Manifest,
    Overlay,
    Refusal,
    RenderedObject,
    Repository,
)
from scaffold.model.flux import SYNC
from scaffold.render import NotRenderedError, RenderError, builders, kustomize
from scaffold.rules import OVERLAY, Rule
from scaffold.validate import abridged, asking, batches, charted, excuses, plain, tracing, unbuilt
from scaffold.validate.ahead import Ahead
from scaffold.validate.shelves import Shelves

_ABOUT_VARIABLES = frozenset(("undefined-variable", "unreadable-variable"))
_MENDED_ABOVE = unbuilt.UNPATCHED | {"floating-image"}  # what is built on a part may patch it, and set its images
_PLUGIN = "it needs a plugin of kustomize, and none is ever run"


@dataclass(frozen=True)
class Rendered:
    """What one overlay gave, small enough to be kept.

    `unsettled` are findings that what other overlays render may settle. Most of them it does, and to trace one takes a
    build, so they have no place in a file yet. `told` names what of the objects bears on the rest of the repository.
    """

    objects: tuple[RenderedObject, ...] = ()
    findings: tuple[LocatedFinding, ...] = ()
    unsettled: tuple[Finding, ...] = ()
    refused: tuple[Refusal, ...] = ()
    error: str = ""
    skipped: str = ""
    told: str = ""

    @property
    def bearing(self) -> str:
        """A name for all that the rules of the whole repository see of it."""
        return f"{self.told} {self.error!r} {self.skipped!r} {self.refused!r}"


@dataclass(frozen=True)
class Job:
    """What a worker needs; `repository` has the kustomizations of the overlays that are built."""

    repository: Repository
    root: Path
    rules: Sequence[Rule]
    builder: builders.Builder
    helm_program: str
    helm_cache: Path | None


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
        fresh = {overlay.name: _checked(job, overlay, built) for overlay in missing}
        missing = []
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
    built = _built(job, [overlay for overlay in overlays if not overlay.error and not overlay.skipped])
    return {overlay.name: _made_or_not(job, overlay, built) for overlay in overlays}


def _made_or_not(
    job: Job, overlay: Overlay, built: Mapping[str, list[Any] | RenderError]
) -> tuple[Manifest, ...] | str:
    if overlay.error or overlay.skipped:
        return overlay.error or overlay.skipped
    try:
        return _made(job, overlay, built).manifests
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
    built = _built(job, [overlay for overlay in overlays if not overlay.error and not overlay.skipped])
    return {overlay.name: _checked(job, overlay, built) for overlay in overlays}


def _built(job: Job, overlays: list[Overlay]) -> dict[str, list[Any] | RenderError]:
    wanted = [overlay.path for overlay in overlays if overlay.how is How.KUSTOMIZE]
    found = kustomize.build_many(job.builder, job.root, wanted) if wanted else {}
    told = [overlay for overlay in overlays if overlay.how is How.FLUX]
    return {**found, **synced.built(job.builder, job.root, job.repository, told)} if told else found


def _checked(job: Job, overlay: Overlay, built: Mapping[str, list[Any] | RenderError]) -> Rendered:
    if overlay.error or overlay.skipped:
        return _unbuilt(job, overlay, error=overlay.error, skipped=overlay.skipped)
    try:
        manifests, refused = _made(job, overlay, built)
    except NotRenderedError as error:
        return Rendered(findings=tuple(charted.told(job.root, job.repository, overlay, job.rules)), skipped=str(error))
    except RenderError as error:
        return _unbuilt(job, overlay, error=str(error))
    full = dataclasses.replace(overlay, manifests=manifests, refused=refused)
    slice_ = dataclasses.replace(job.repository, overlays={overlay.name: full})
    asked = [rule for rule in job.rules if rule.SCOPE == OVERLAY]
    findings = [finding for rule in asked for finding in asking.findings(rule, slice_)]
    findings += charted.findings(job.root, full, job.rules) if overlay.how is How.HELM else ()
    findings = [finding for finding in findings if not _is_open(job.repository, full, finding)]
    part = full.partial and full.how is How.KUSTOMIZE
    findings = [finding for finding in findings if not (part and finding.rule in _MENDED_ABOVE)]
    excused = list(excuses.marked(findings, excuses.of_manifests(manifests))) if findings else ()
    sure = [finding for finding in excused if finding.unless is None]
    located = tracing.located(job.root, job.builder, full, job.repository, sure) if sure else ()
    unsettled = tuple(finding for finding in excused if finding.unless is not None)
    objects = tuple(abridged.objects(manifests))
    return Rendered(objects, tuple(located), unsettled, refused, told=abridged.name(objects))


def _unbuilt(job: Job, overlay: Overlay, *, error: str = "", skipped: str = "") -> Rendered:
    """What the files alone say of an overlay without a result."""
    found = unbuilt.findings(job.root, job.repository, overlay, job.rules, error)
    return Rendered(findings=tuple(found), error=error, skipped=skipped)


def _is_open(repository: Repository, overlay: Overlay, finding: Finding) -> bool:
    """Tell whether a finding is about a value that depends on a variable which files do not tell.

    What no cluster builds here may be a template of other clusters, wherever there is Flux.
    """
    if finding.place.identity is None or finding.rule in _ABOUT_VARIABLES:
        return False
    if overlay.build is None and not repository.once(_has_flux):
        return False
    about = (manifest for manifest in overlay.manifests if manifest.identity == finding.place.identity)
    return any(synced.is_open(manifest, finding.place.pointer) for manifest in about)


def _has_flux(repository: Repository) -> bool:
    group, kind = SYNC
    heads = (head for file in repository.files.values() for head in file.heads)
    return any(head.kind == kind and head.group == group for head in heads)


def _made(job: Job, overlay: Overlay, built: Mapping[str, list[Any] | RenderError]) -> synced.Made:
    if overlay.how is not How.FLUX:
        return synced.Made(tuple(_manifests(job, overlay, built)))
    result = built[overlay.name]
    if isinstance(result, RenderError):
        raise NotRenderedError(_PLUGIN) if "external plugins disabled" in str(result) else result
    return synced.made(overlay, result)


def _of_chart(job: Job, overlay: Overlay) -> list[Manifest]:
    """What a chart makes; without values that are given from outside it need not be possible."""
    try:
        return list(chart_objects.of(job.helm_program, job.root, overlay, job.helm_cache))
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
