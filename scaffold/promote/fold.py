"""A patch that every overlay of an application has becomes one of its base."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scaffold import edit, staging, survey
from scaffold.bump import edits
from scaffold.bump.edits import Edit, Spot
from scaffold.bump.reading import Reading
from scaffold.choice import full_name, of_application
from scaffold.errors import RefusedError, ScaffoldError
from scaffold.model import Kustomization, Overlay, Repository, dig, sequence
from scaffold.promote.carried import built
from scaffold.staging import Content


def plan(root: Path, application: str, name: str) -> dict[str, Content | None]:
    """The files after the patch has moved.

    Raises RefusedError where an overlay has it not, or otherwise, and ScaffoldError where the base cannot take it or
    something would render otherwise than before.
    """
    repository = survey.survey(root)
    overlays = of_application(repository, application)
    _refuse_branched(repository)
    entry, content = _common(root, repository, overlays, name)
    base = _base(repository, overlays)
    target = posixpath.join(base, name)
    if target in repository.paths:
        raise ScaffoldError(f"{target} is there already; give one of both another name")
    known = repository.kustomizations
    changes = [_added(known[base], entry), *(_removed(known[overlay.path], name) for overlay in overlays)]
    made = edits.contents(root, changes)
    made.update({posixpath.join(overlay.path, name): None for overlay in overlays})
    made[target] = content
    _prove(root, repository, overlays, made)
    return made


def _refuse_branched(repository: Repository) -> None:
    branches = [item.branch for item in repository.conventions.environments if item.branch]
    if branches:
        fact = f"environments have branches of their own, {branches[0]!r} say, and a base in each"
        raise ScaffoldError(f"{fact}; write the patch into the base and promote that")


def _common(root: Path, repository: Repository, overlays: list[Overlay], name: str) -> tuple[Any, Content]:
    found = []
    for overlay in overlays:
        item = repository.kustomizations.get(overlay.path)
        entry = next((entry for entry in _patches(item) if dig(entry, "path") == name), None)
        content = staging.read(root / overlay.path / name)
        if entry is None or content is None:
            remedy = (
                f"'gitops-scaffold promote {full_name(overlay)} --to {overlay.environment} --patch {name}' brings it"
            )
            raise RefusedError(f"{overlay.path} has no patch {name!r}; {remedy}")
        found.append((entry, content))
    for overlay, item_ in zip(overlays, found, strict=True):
        if item_ != found[0]:
            raise RefusedError(f"{name!r} differs between {overlays[0].path} and {overlay.path}; make them equal first")
    return found[0]


def _patches(item: Kustomization | None) -> Iterator[Any]:
    yield from sequence(item.manifest.get("patches")) if item else ()


def _base(repository: Repository, overlays: list[Overlay]) -> str:
    """The one kustomization that every overlay of the application is built on, and nothing else."""
    known = repository.kustomizations
    named = [
        {r.target for r in known[overlay.path].references if r.field == "resources" and r.target in known}
        for overlay in overlays
    ]
    common = sorted(set.intersection(*named))
    if len(common) != 1:
        fact = f"the overlays of {full_name(overlays[0])} have {len(common)} bases in common"
        raise ScaffoldError(f"{fact}; move the patch by hand")
    path = known[common[0]].manifest.path
    ours = {overlay.path for overlay in overlays}
    others = [item.path for item in repository.overlays.values() if path in item.reads and item.path not in ours]
    if others:
        raise ScaffoldError(f"{common[0]} is the base of {others[0]} too; move the patch by hand")
    return common[0]


def _added(base: Kustomization, entry: Any) -> Edit:
    present = base.manifest.get("patches")
    spot = Spot(base.manifest.path)
    if isinstance(present, list):
        return Edit(spot, edit.Add(0, ("patches", len(present)), entry))
    return Edit(spot, edit.Add(0, ("patches",), [entry]))


def _removed(item: Kustomization, name: str) -> Edit:
    patches = list(_patches(item))
    index = next(n for n, entry in enumerate(patches) if dig(entry, "path") == name)
    return Edit(Spot(item.manifest.path), edit.Remove(0, ("patches",) if len(patches) == 1 else ("patches", index)))


def _prove(root: Path, repository: Repository, overlays: list[Overlay], contents: dict[str, Content | None]) -> None:
    reading = Reading(root, repository, overlays)
    for overlay in overlays:
        if built(reading, overlay, {}) != built(reading, overlay, contents):
            fact = f"{overlay.path} would render otherwise, as a later patch there depends on the order"
            raise ScaffoldError(f"{fact}; move the patch by hand")
