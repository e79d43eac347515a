"""What the objects of an overlay are refused for that cannot be built here, by the files that declare them.

A resource far away hides what a build gives, but a field that no schema knows stands in its file whatever is built.
What a patch may add, and what Flux fills in, is left alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scaffold import load
from scaffold.model import Finding, LocatedFinding, Manifest, Overlay, Repository
from scaffold.rules import Rule
from scaffold.validate import asking, excuses, locating, plain

_ASKED = frozenset(("invalid-value", "schema-violation"))
_ADDING = ("components", "patches", "patchesJson6902", "patchesStrategicMerge", "replacements", "transformers")


def findings(root: Path, repository: Repository, overlay: Overlay, rules: Sequence[Rule]) -> Iterator[LocatedFinding]:
    """Yield what two rules say of each object as its file has it."""
    if overlay.path not in repository.kustomizations:
        return
    manifests = tuple(plain.objects(root, _declaring(repository, overlay)))
    partial = overlay.build is not None or _adds(repository, overlay)
    full = dataclasses.replace(overlay, manifests=manifests, skipped="", partial=partial)
    slice_ = dataclasses.replace(repository, overlays={overlay.name: full})
    asked = (finding for rule in rules if rule.ID in _ASKED for finding in asking.findings(rule, slice_))
    found = [finding for finding in asked if not _is_open(manifests, finding)]
    yield from locating.in_files(root, excuses.marked(found, excuses.of_manifests(manifests)) if found else ())


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
