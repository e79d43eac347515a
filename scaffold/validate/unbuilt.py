"""What the objects of an overlay are refused for that cannot be built here, by the files that declare them.

A resource far away hides what a build gives, but a field that no schema knows stands in its file whatever is built.
What a patch may add, and what Flux fills in, is left alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scaffold import load
from scaffold.assemble import overlays
from scaffold.model import Finding, LocatedFinding, Manifest, Overlay, Repository
from scaffold.rules import Rule
from scaffold.validate import asking, excuses, locating

_ASKED = frozenset(("invalid-value", "schema-violation"))
_MISSING = " is missing in "
_ADDING = ("components", "patches", "patchesJson6902", "patchesStrategicMerge", "replacements", "transformers")


def findings(root: Path, repository: Repository, overlay: Overlay, rules: Sequence[Rule]) -> Iterator[LocatedFinding]:
    """Yield what two rules say of each object as its file has it."""
    if overlay.path not in repository.kustomizations:
        return
    manifests = tuple(objects(root, _declaring(repository, overlay)))
    full = dataclasses.replace(overlay, manifests=manifests, skipped="")
    slice_ = dataclasses.replace(repository, overlays={overlay.name: full})
    added = overlay.build is not None or _adds(repository, overlay)
    asked = (finding for rule in rules if rule.ID in _ASKED for finding in asking.findings(rule, slice_))
    found = [item for item in asked if not (added and _MISSING in item.message) and not _is_open(manifests, item)]
    yield from locating.in_files(root, excuses.marked(found, excuses.of_manifests(manifests)) if found else ())


def objects(root: Path, paths: Iterable[str]) -> Iterator[Manifest]:
    """The objects of files as they stand; they keep their own places."""
    for path in paths:
        file = load.source_file(path, (root / path).read_bytes(), keep=True)
        parts = (part for manifest in file.manifests() for part in load.members(manifest))
        yield from (manifest for manifest in parts if overlays.is_object(manifest.api_version))


def _declaring(repository: Repository, overlay: Overlay) -> list[str]:
    """The files that an overlay and its bases list as resources."""
    _, leaves = load.closure(overlay.path, repository.kustomizations)
    listed = {leaf.target for leaf in leaves if leaf.field == "resources" and not leaf.remote}
    return sorted(listed & repository.files.keys())


def _adds(repository: Repository, overlay: Overlay) -> bool:
    """Tell whether something may give an object a field that its file lacks."""
    entered, _ = load.closure(overlay.path, repository.kustomizations)
    levels = (repository.kustomizations[directory].manifest for directory in entered)
    return any(level.get(field) for level in levels for field in _ADDING)


def _is_open(manifests: Iterable[Manifest], finding: Finding) -> bool:
    """Tell whether a finding is about a value that a variable fills in."""
    place = finding.place
    about = (item for item in manifests if (item.path, item.document) == (place.path, place.document))
    return any("${" in str(item.get(*place.pointer)) for item in about)
