"""Kustomizations of Flux as a kustomization makes them that somebody applies by hand, with its patches."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from scaffold import load
from scaffold.assemble import patched, resting
from scaffold.assemble.flux import written
from scaffold.assemble.flux.builds import Builds, Built
from scaffold.model import Build, Kustomization, Manifest, Repository
from scaffold.model.flux import SYNC


def completed(repository: Repository, builds: Builds, manifests: Iterable[Manifest]) -> list[Manifest]:
    """Some manifests, those of Kustomizations without a source as the outermost kustomization that patches them does.

    What they lack may be given to all of them in one place.
    """
    told = {written.key(m): m for m in manifests}
    lacking = (m for m in told.values() if (m.group, m.kind) == SYNC and not written.is_sync(m))
    partial = [m for m in lacking if not resting.may_rest(m.path) and m.path not in patched.files(repository)]
    tops = _tops(repository) if partial else {}
    for path in dict.fromkeys(tops[m.path] for m in partial if m.path in tops):
        made = builds.objects([(path, Build(repository.kustomizations[path].manifest, path))])[0]
        own = (item for item in made if written.is_sync(item) and isinstance(item, Built))
        for item in own:
            if item.origin and written.key(item.origin) in told:
                told[written.key(item.origin)] = dataclasses.replace(item, maker=item)
    return list(told.values())


def _tops(repository: Repository) -> Mapping[str, str]:
    """By each file the only kustomization that reads it and that no other one builds upon.

    It patches Kustomizations, and nothing of it is far.
    """
    known, patching = repository.kustomizations, patched.patching(repository, SYNC[1])
    below = {reference.target for item in known.values() for reference in item.references}
    readers: dict[str, list[str]] = {}
    for top in (path for path in known if path not in below):
        for path in load.read_by(top, known):
            readers.setdefault(path, []).append(top)
    alone = {tops[0] for tops in readers.values() if len(tops) == 1}
    used = {top for top in alone if _is_used(top, known, patching)}
    return {path: tops[0] for path, tops in readers.items() if len(tops) == 1 and tops[0] in used}


def _is_used(top: str, known: Mapping[str, Kustomization], patching: frozenset[str]) -> bool:
    return not load.is_far(top, known) and not patching.isdisjoint(load.closure(top, known)[0])
