"""The same report with its places named from a directory further up, as forges ask for."""

from __future__ import annotations

import dataclasses
import posixpath
from dataclasses import dataclass

from scaffold.model import LocatedFinding, Skipped
from scaffold.report.outcome import Covered, Outcome


@dataclass(frozen=True)
class _Covered:
    files: int
    overlays: int
    objects: int
    skipped: tuple[Skipped, ...]
    renderer: str
    unchanged: int
    known: int


@dataclass(frozen=True)
class _Placed:
    findings: tuple[LocatedFinding, ...]
    summary: Covered


def below(outcome: Outcome, prefix: str) -> Outcome:
    """The report with every path below a prefix; fingerprints stay as they are."""
    if prefix in ("", "."):
        return outcome
    covered = outcome.summary
    skipped = tuple(Skipped(_joined(prefix, item.path), item.reason) for item in covered.skipped)
    numbers = (covered.files, covered.overlays, covered.objects)
    return _Placed(
        tuple(_moved(finding, prefix) for finding in outcome.findings),
        _Covered(*numbers, skipped, covered.renderer, covered.unchanged, covered.known),
    )


def _moved(finding: LocatedFinding, prefix: str) -> LocatedFinding:
    location = finding.location._replace(path=_joined(prefix, finding.location.path))
    return dataclasses.replace(finding, location=location)


def _joined(prefix: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(prefix, path))
