"""Patches that go with a promotion by their name."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scaffold import edit, staging
from scaffold.bump import edits
from scaffold.bump.edits import Edit, Spot
from scaffold.bump.reading import Reading
from scaffold.errors import ScaffoldError
from scaffold.model import Kustomization, Overlay, dig, sequence
from scaffold.nearest import hint
from scaffold.staging import Content

Patched = dict[str, tuple[Content, tuple[Edit, ...]]]


def carried(theirs: Reading, source: Overlay, reading: Reading, to: Overlay, names: Iterable[str]) -> Patched:
    """The named patches of one overlay that the other has not, or has otherwise: their file and the edits for them.

    `theirs` has the files of the first one, `reading` those of the other.

    Raises ScaffoldError for a patch that is not there, or that is used otherwise.
    """
    made: Patched = {}
    for name in names:
        entry, there = _entry(_kustomization(theirs, source), name), _kustomization(reading, to)
        content = staging.read(theirs.root / source.path / name)
        if entry is None or content is None:
            known = _names(_kustomization(theirs, source))
            raise ScaffoldError(f"{source.path} has no patch {name!r}; {hint(name, known)}")
        own = _entry(there, name)
        if own is not None and own != entry:
            raise ScaffoldError(
                f"{to.path} applies {name!r} to something else than {source.path}; make them equal first"
            )
        if own is None or staging.read(reading.root / to.path / name) != content:
            made[name] = content, () if own else (_added(there, entry),)
    return made


def written(root: Path, changes: Iterable[Edit], patched: Patched, directory: str) -> dict[str, Content | None]:
    """The files after edits, with the files of patches in a directory."""
    changes = [*changes, *(change for _, own in patched.values() for change in own)]
    made = edits.contents(root, changes)
    made.update({posixpath.join(directory, name): content for name, (content, _) in patched.items()})
    return made


def _kustomization(reading: Reading, overlay: Overlay) -> Kustomization:
    found = reading.repository.kustomizations.get(overlay.path)
    if found is None:
        raise ScaffoldError(f"{overlay.path} is no kustomization, so it has no patches; promote without them")
    return found


def _entry(item: Kustomization, name: str) -> Any:
    return next((entry for entry in sequence(item.manifest.get("patches")) if dig(entry, "path") == name), None)


def _names(item: Kustomization) -> list[str]:
    return [str(dig(entry, "path")) for entry in sequence(item.manifest.get("patches")) if dig(entry, "path")]


def _added(item: Kustomization, entry: Any) -> Edit:
    present = item.manifest.get("patches")
    spot = Spot(item.manifest.path)
    if isinstance(present, list):
        return Edit(spot, edit.Add(0, ("patches", len(present)), entry))
    return Edit(spot, edit.Add(0, ("patches",), [entry]))
