"""Kustomizations of Flux as a kustomization makes them that somebody applies by hand, with its patches."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from scaffold import load
from scaffold.assemble import patched, resting
from scaffold.assemble.flux import written
from scaffold.assemble.flux.builds import Builds, Built
from scaffold.model import Build, Manifest, Repository
from scaffold.model.flux import SYNC


def completed(repository: Repository, builds: Builds, manifests: Iterable[Manifest]) -> list[Manifest]:
    """Some manifests, those of Kustomizations without a source as the outermost kustomization that patches them does.

    What they lack may be given to all of them in one place.
    """
    told = {written.key(m): m for m in manifests}
    partial = (m for m in told.values() if (m.group, m.kind) == SYNC and not written.is_sync(m))
    changed = [m for m in partial if not resting.may_rest(m.path) and patched.is_changed(repository, m)]
    for path in dict.fromkeys(top for manifest in changed if (top := _top(repository, manifest))):
        made = builds.objects([(path, Build(repository.kustomizations[path].manifest, path))])[0]
        own = (item for item in made if written.is_sync(item) and isinstance(item, Built))
        for item in own:
            if item.origin and written.key(item.origin) in told:
                told[written.key(item.origin)] = dataclasses.replace(item, maker=item)
    return list(told.values())


def _top(repository: Repository, manifest: Manifest) -> str:
    """The only kustomization that reads a manifest and that no other one builds upon; nothing of one that is far."""
    known = repository.kustomizations
    below = {reference.target for item in known.values() for reference in item.references}
    tops = [path for path in known if path not in below and manifest.path in load.read_by(path, known)]
    return tops[0] if len(tops) == 1 and not load.is_far(tops[0], known) else ""
