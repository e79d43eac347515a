"""Clusters that begin in a directory of their own, to which a patch points a Kustomization that stands elsewhere."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from scaffold import load
from scaffold.assemble import patched
from scaffold.assemble.flux import written
from scaffold.assemble.flux.begun import Root
from scaffold.assemble.flux.builds import Builds, Built
from scaffold.model import Build, Kustomization, Repository, dig, sequence
from scaffold.model.flux import SYNC


def roots(repository: Repository, builds: Builds) -> list[Root]:
    """The Kustomizations that build what they stand in once it is built; one file may begin many clusters."""
    found = []
    for path in candidates(repository):
        plan = path, Build(repository.kustomizations[path].manifest, path)
        made = builds.objects([plan])[0]  # alone, since clusters hold objects of the same names
        own = (item for item in made if written.is_sync(item) and isinstance(item, Built))
        known = repository.conventions
        found += [
            Root(path, dataclasses.replace(item, maker=item)) for item in own if written.below_own(item, known) == path
        ]
    return found


def candidates(repository: Repository) -> Iterator[str]:
    """The directories of kustomizations whose own patches name them, where all that they read is here."""
    for path, item in repository.kustomizations.items():
        if path and any(_names(repository, item, path)) and not load.is_far(path, repository.kustomizations):
            yield path


def _names(repository: Repository, item: Kustomization, path: str) -> Iterator[bool]:
    for field in patched.FIELDS:
        for entry in sequence(item.manifest.get(field)):
            inline = entry if isinstance(entry, str) else dig(entry, "patch")
            yield isinstance(inline, str) and path in inline and "path" in inline
    for reference in item.references:
        file = repository.files.get(reference.target) if reference.field in patched.FIELDS else None
        if file and any((head.group, head.kind) == SYNC for head in file.heads):
            yield any(written.path_of(manifest) == path for manifest in file.manifests())
