"""The findings of all stages to one list: once each, told apart, at the level that the settings ask for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

from scaffold.model import LocatedFinding, Severity
from scaffold.settings import Settings


def merged(findings: Iterable[LocatedFinding]) -> list[LocatedFinding]:
    """One finding for a flaw that several overlays show; equal fingerprints of different flaws are told apart."""
    seen: dict[Any, LocatedFinding] = {}
    for finding in sorted(findings):
        seen.setdefault((finding.location, finding.rule, finding.message), finding)
    return list(_numbered(seen.values()))


def _numbered(findings: Iterable[LocatedFinding]) -> Iterator[LocatedFinding]:
    counts: dict[str, int] = {}
    for finding in findings:
        number = counts.get(finding.fingerprint, 0)
        counts[finding.fingerprint] = number + 1
        yield dataclasses.replace(finding, fingerprint=f"{finding.fingerprint}-{number}") if number else finding


def levelled(findings: Iterable[LocatedFinding], settings: Settings) -> Iterator[LocatedFinding]:
    """The findings at the levels that the settings give their rules."""
    for finding in findings:
        level = settings.rules.get(finding.rule)
        yield dataclasses.replace(finding, severity=Severity(level)) if level else finding
