"""An overlay without what is on the network, remote resources and charts: what kustomize makes of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from scaffold import load
from scaffold.assemble import flux
from scaffold.assemble.flux import made, sound
from scaffold.assemble.flux.made import Made
from scaffold.model import Finding, How, Manifest, Overlay, Repository
from scaffold.render import NotRenderedError, RenderError, kustomize
from scaffold.render import parts as copies
from scaffold.validate.job import Job

_ADDING = frozenset(("bases", "resources"))


class Part(NamedTuple):
    """A copy of what is here, the objects that it makes, and the repository as it is in the copy."""

    root: Path
    made: Made
    repository: Repository


@contextmanager
def part(job: Job, overlay: Overlay) -> Iterator[Part]:
    """What can be built here; raises NotRenderedError or RenderError where that is nothing, or would be changed."""
    if overlay.error or overlay.how not in (How.FLUX, How.KUSTOMIZE):
        raise NotRenderedError(overlay.error or overlay.skipped)
    directories = _directories(job.repository, overlay)
    if _is_changed(job.repository, directories):
        raise NotRenderedError(overlay.skipped)
    left = sound.entered(job.repository, directories)
    with copies.copied(job.root, overlay.reads, sound.texts(left, job.repository)) as whole:
        yield Part(whole, _made(job, left, overlay, whole), left)


def may_mend(job: Job, overlay: Overlay, finding: Finding) -> bool:
    """Tell whether more objects would mend what was found: an account gives its namespace to who names it."""
    if finding.rule != "missing-value" or "subjects" not in finding.place.pointer:
        return False
    known = job.repository.kustomizations
    given = (known[path].manifest.get("namespace") for path in _directories(job.repository, overlay))
    return overlay.build is not None or any(given)


def _is_changed(repository: Repository, directories: Iterable[str]) -> bool:
    """Tell whether what is far away changes what is here, as a component does."""
    references = (each for path in directories for each in repository.kustomizations[path].references if each.remote)
    return any(each.field not in _ADDING for each in references)


def _directories(repository: Repository, overlay: Overlay) -> dict[str, None]:
    starts = flux.starts(overlay.path, overlay.build) if overlay.build else (overlay.path,)
    known = repository.kustomizations
    return dict.fromkeys(each for start in starts if start in known for each in load.closure(start, known)[0])


def _made(job: Job, left: Repository, overlay: Overlay, whole: Path) -> Made:
    if overlay.build:
        printed = made.built(job.builder, whole, left, [overlay])[overlay.name]
        if isinstance(printed, RenderError):
            raise printed
        return made.made(overlay, printed)
    result = kustomize.build_many(job.builder, whole, [overlay.path])[overlay.path]
    if isinstance(result, RenderError):
        raise result
    return Made(tuple(Manifest(item, "", overlay=overlay.path or ".") for item in result if isinstance(item, Mapping)))
