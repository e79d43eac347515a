"""An overlay without what is on the network, remote resources and charts: what kustomize makes of the rest."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import load
from scaffold.assemble import flux
from scaffold.assemble.flux import made, sound
from scaffold.assemble.flux.made import Made
from scaffold.model import Finding, How, Manifest, Overlay, Repository
from scaffold.render import NotRenderedError, RenderError
from scaffold.render import parts as copies
from scaffold.validate import making
from scaffold.validate.job import Job

_ADDING = frozenset(("bases", "resources"))


class Part(NamedTuple):
    """A copy of what is here, the objects that an overlay makes of it, and the repository as it is in the copy."""

    root: Path
    made: Made
    repository: Repository


@contextmanager
def parts(job: Job, overlays: Iterable[Overlay]) -> Iterator[Mapping[str, Part]]:
    """What can be built here of some overlays, by their names, all in one copy; those of which nothing can are left."""
    several = {item.name: item for item in overlays if _is_open(job.repository, item)}
    if not several:
        yield {}
        return
    entered = [each for item in several.values() for each in _directories(job.repository, item)]
    left = sound.entered(job.repository, dict.fromkeys(entered))
    read = dict.fromkeys(path for item in several.values() for path in item.reads)
    with ExitStack() as stack:
        try:
            whole = stack.enter_context(copies.copied(job.root, read, sound.texts(left, job.repository)))
        except NotRenderedError:  # a file cannot be copied, which whatever reads it says
            yield {}
            return
        made_ = _made(job, left, list(several.values()), whole)
        yield {name: Part(whole, each, left) for name, each in made_.items() if isinstance(each, Made)}


def may_mend(job: Job, overlay: Overlay, finding: Finding) -> bool:
    """Tell whether more objects would mend what was found: an account gives its namespace to who names it."""
    if finding.rule != "missing-value" or "subjects" not in finding.place.pointer:
        return False
    known = job.repository.kustomizations
    given = (known[path].manifest.get("namespace") for path in _directories(job.repository, overlay))
    return overlay.build is not None or any(given)


def _is_open(repository: Repository, overlay: Overlay) -> bool:
    """Tell whether something is to be built, and nothing that is far away changes it, as a component does."""
    if overlay.error or not overlay.skipped or overlay.how not in (How.FLUX, How.KUSTOMIZE):
        return False
    directories = _directories(repository, overlay)
    references = (each for path in directories for each in repository.kustomizations[path].references if each.remote)
    return bool(directories) and all(each.field in _ADDING for each in references)


def _directories(repository: Repository, overlay: Overlay) -> dict[str, None]:
    starts = flux.starts(overlay.path, overlay.build) if overlay.build else (overlay.path,)
    known = repository.kustomizations
    return dict.fromkeys(each for start in starts if start in known for each in load.closure(start, known)[0])


def _made(job: Job, left: Repository, overlays: list[Overlay], whole: Path) -> dict[str, Made | RenderError]:
    built = making.built(dataclasses.replace(job, repository=left, root=whole), overlays)
    return {overlay.name: _of(overlay, built[overlay.name if overlay.build else overlay.path]) for overlay in overlays}


def _of(overlay: Overlay, result: list[Any] | RenderError) -> Made | RenderError:
    if isinstance(result, RenderError):
        return result
    if overlay.build:
        return made.made(overlay, result)
    return Made(tuple(Manifest(item, "", overlay=overlay.path or ".") for item in result if isinstance(item, Mapping)))
