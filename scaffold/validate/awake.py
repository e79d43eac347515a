"""What of the findings and of what was skipped is about something that is deployed; the rest is said once."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from scaffold.discover import KUSTOMIZATION_NAMES
from scaffold.model import LocatedFinding, Overlay, Skipped, above
from scaffold.rules import RULES

_WHEREVER = ("scaffold.rules.pipelines.", "scaffold.rules.secrets.")  # a forge runs it, and everybody can read it
_UNUSED = ("unmatched-creation-rule",)
# What holds what is true of a cluster that a test makes, or what tests of programs read.
_TRIED = re.compile(r"(?:\A|/)(?:\.(?:chainsaw|kyverno)-test|testdata|(?:tests?|e2e)/(?:.*/)?fixtures)/")
_TOLD = ", as far as files tell"
_LEFT_OUT = "orphan-manifest"  # whose point is that nothing deploys it


def findings(found: Iterable[LocatedFinding], resting: frozenset[str]) -> Iterator[LocatedFinding]:
    """The findings but for those on what nothing deploys; what is known to everybody is known there too."""
    for finding in found:
        path = finding.location.path
        left_out = finding.rule == _LEFT_OUT and not _all_rests(path, resting)
        if path not in resting or left_out or _is_everywhere(finding):
            yield finding


def of_overlay(found: Iterable[LocatedFinding], overlay: Overlay, resting: frozenset[str]) -> Iterator[LocatedFinding]:
    """What was found in an overlay; where its kustomization rests, others build the files it lists in their way."""
    own = (posixpath.join(overlay.path, name) for name in KUSTOMIZATION_NAMES)
    rests = any(path in resting for path in own)
    yield from (finding for finding in found if not rests or _is_everywhere(finding))


def _is_everywhere(finding: LocatedFinding) -> bool:
    module = RULES[finding.rule].__name__
    tried = _TRIED.search(finding.location.path)
    return module.startswith(_WHEREVER) and finding.rule not in _UNUSED and not tried


def _all_rests(path: str, resting: frozenset[str]) -> bool:
    """Tell whether the kustomization beside a file rests too."""
    return any(posixpath.join(posixpath.dirname(path), name) in resting for name in KUSTOMIZATION_NAMES)


def overlays(planned: Iterable[Overlay], resting: frozenset[str]) -> Iterator[Overlay]:
    """The overlays but for those that nothing deploys."""
    return (overlay for overlay in planned if not resting or not _rests(overlay, resting))


def _rests(overlay: Overlay, resting: frozenset[str]) -> bool:
    below = f"{overlay.path}/" if overlay.path else ""
    own = [path for path in overlay.reads if path.startswith(below) and "/" not in path[len(below) :]]
    return bool(own) and resting.issuperset(own)


def skipped(paths: Iterable[str], resting: frozenset[str]) -> Iterator[Skipped]:
    """The topmost directories of `paths` in which all that rests, and how many files do in others."""
    if not resting:
        return
    used = {""}
    for path in paths:
        if path not in resting:
            used.update(above(path))
    tops = Counter(next((place for place in above(path) if place not in used), path) for path in resting)
    alone = Counter(top.partition("/")[0] for top in tops if top in resting)
    yield from (Skipped(top, f"no engine deploys it{_TOLD}") for top in sorted(tops) if top not in resting)
    yield from (Skipped(first, f"no engine deploys {_files(count)}{_TOLD}") for first, count in sorted(alone.items()))


def _files(count: int) -> str:
    return "one of its files" if count == 1 else f"{count} of its files"
