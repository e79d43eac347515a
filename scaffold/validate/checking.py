"""What rules say of one overlay, once it is built or cannot be."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scaffold.assemble import chart_objects
from scaffold.assemble.flux import made as synced
from scaffold.model import Finding, How, Identity, Manifest, Overlay, Repository
from scaffold.model.flux import SYNC
from scaffold.render import NotRenderedError, RenderError
from scaffold.rules import OVERLAY
from scaffold.validate import abridged, asking, chart_reads, charted, excuses, far, making, tracing, unbuilt, unplugged
from scaffold.validate.job import Job, Rendered

_ABOUT_VARIABLES = frozenset(("undefined-variable", "unreadable-variable"))
_MENDED_ABOVE = unbuilt.UNPATCHED | {"floating-image"}  # what is built on a part may patch it, and set its images
_LACKING = frozenset(("missing-image", "missing-value"))  # and what it is a patch of has


def checked(
    job: Job, overlay: Overlay, built: Mapping[str, list[Any] | RenderError], parts: Mapping[str, far.Part]
) -> Rendered:
    """The objects of an overlay with the findings of the rules of its scope; `built` has what kustomize gave of it.

    Of what needs the network `parts` has what could be built all the same.
    """
    if overlay.name in parts:
        return _apart(job, overlay, parts[overlay.name])
    if overlay.error or overlay.skipped:
        return _unbuilt(job, overlay, error=overlay.error, skipped=overlay.skipped)
    try:
        manifests, refused = making.made(job, overlay, built)
    except NotRenderedError as error:
        return (_unplugged if overlay.how is How.KUSTOMIZE else _unrendered)(job, overlay, str(error))
    except RenderError as error:
        return _unbuilt(job, overlay, error=str(error))
    full = dataclasses.replace(overlay, manifests=manifests, refused=refused)
    return dataclasses.replace(
        _traced(job, full, _excused(job, full)), refused=refused, values_read=_reads(job, overlay)
    )


def _reads(job: Job, overlay: Overlay) -> chart_reads.Reads | None:
    return chart_reads.of(job.root, overlay) if overlay.how is How.HELM and overlay.release else None


def _traced(job: Job, full: Overlay, found: Sequence[Finding], copy: Path | None = None) -> Rendered:
    """The objects of an overlay with what was found in them, each at its place unless others may still settle it."""
    sure = [finding for finding in found if finding.unless is None]
    located = tracing.located(job.root, job.builder, full, job.repository, sure, copy) if sure else ()
    unsettled = tuple(finding for finding in found if finding.unless is not None)
    objects = tuple(abridged.objects(full.manifests))
    return Rendered(objects, tuple(located), unsettled, told=abridged.name(objects))


def _excused(job: Job, full: Overlay) -> Sequence[Finding]:
    """What the rules of an overlay's scope say of its objects, as far as these do not excuse it."""
    slice_ = dataclasses.replace(job.repository, overlays={full.name: full})
    asked = [rule for rule in job.rules if rule.SCOPE == OVERLAY]
    findings = [finding for rule in asked for finding in asking.findings(rule, slice_)]
    findings += charted.findings(job.root, full, job.rules) if full.how is How.HELM else ()
    about = _by_identity(full.manifests) if findings else {}
    findings = [finding for finding in findings if not _is_open(job.repository, full, finding, about)]
    open_ended = _MENDED_ABOVE if full.how is How.KUSTOMIZE else _LACKING
    findings = [f for f in findings if not (f.rule in open_ended and full.is_partial(f.place.path))]
    return list(excuses.marked(findings, excuses.of_manifests(full.manifests))) if findings else ()


def _unplugged(job: Job, overlay: Overlay, reason: str) -> Rendered:
    """What an overlay is without what plugins make, or what its files alone tell where that cannot be built."""
    try:
        with unplugged.copy(job.root, job.repository, overlay) as whole:
            full = dataclasses.replace(overlay, manifests=unplugged.manifests(job.builder, whole, overlay))
            found = [finding for finding in _excused(job, full) if unplugged.is_settled(finding)]
            return dataclasses.replace(_traced(job, full, found, whole), skipped=unplugged.LEFT_OUT)
    except (NotRenderedError, RenderError):
        return _unbuilt(job, overlay, skipped=reason)


def _apart(job: Job, overlay: Overlay, part: far.Part) -> Rendered:
    """What is told of an overlay without what is on the network."""
    manifests, refused = part.made
    full, about = dataclasses.replace(overlay, manifests=manifests, refused=refused), _by_identity(manifests)
    told = unbuilt.of_parts(job.repository, full, job.rules)
    asked = (finding for finding in told if not far.may_mend(job, overlay, finding))
    found = [finding for finding in asked if not _is_open(job.repository, full, finding, about)]
    sure = list(excuses.marked(found, excuses.of_manifests(manifests)))
    made = _traced(dataclasses.replace(job, repository=part.repository), full, sure, part.root)
    return dataclasses.replace(made, objects=(), told="", skipped=overlay.skipped)


def _unbuilt(job: Job, overlay: Overlay, *, error: str = "", skipped: str = "") -> Rendered:
    """What the files alone say of an overlay without a result."""
    found = unbuilt.findings(job.root, job.repository, overlay, job.rules, error)
    return Rendered(findings=tuple(found), error=error, skipped=skipped)


def _unrendered(job: Job, overlay: Overlay, reason: str) -> Rendered:
    """What is known of a chart that cannot be rendered here: what its own templates make, and what its values tell."""
    manifests = chart_objects.own(job.helm_program, job.root, overlay, job.helm_cache)
    full = dataclasses.replace(overlay, manifests=manifests, partial=True)
    asked = [*unbuilt.of_parts(job.repository, full, job.rules), *charted.findings(job.root, full, job.rules)]
    made = _traced(job, full, list(excuses.marked(asked, excuses.of_manifests(manifests))))
    told = charted.told(job.root, job.repository, overlay, job.rules)
    return dataclasses.replace(made, findings=(*made.findings, *told), skipped=reason, values_read=_reads(job, overlay))


def _by_identity(manifests: Iterable[Manifest]) -> dict[Identity, list[Manifest]]:
    found: dict[Identity, list[Manifest]] = {}
    for manifest in manifests:
        found.setdefault(manifest.identity, []).append(manifest)
    return found


def _is_open(
    repository: Repository, overlay: Overlay, finding: Finding, known: Mapping[Identity, Sequence[Manifest]]
) -> bool:
    """Tell whether a finding is about a value that depends on a variable which files do not tell.

    What no cluster builds here may be a template of other clusters, wherever there is Flux.
    """
    if finding.place.identity is None or finding.rule in _ABOUT_VARIABLES:
        return False
    if overlay.build is None and not repository.once(_has_flux):
        return False
    about = known.get(finding.place.identity, ())
    return any(synced.is_open(manifest, finding.place.pointer) for manifest in about)


def _has_flux(repository: Repository) -> bool:
    group, kind = SYNC
    heads = (head for file in repository.files.values() for head in file.heads)
    return any(head.kind == kind and head.group == group for head in heads)
