"""The findings of all stages to one list: once each, told apart, at the level that the settings ask for."""

from __future__ import annotations

import dataclasses
import fnmatch
from collections.abc import Iterable, Iterator
from typing import Any

from scaffold.model import LocatedFinding, Severity, Skipped
from scaffold.rules import COVERAGE, RULES
from scaffold.settings import Settings
from scaffold.validate.active import asked


def merged(findings: Iterable[LocatedFinding]) -> list[LocatedFinding]:
    """One finding for a flaw that several overlays show; equal fingerprints of different flaws are told apart."""
    seen: dict[Any, LocatedFinding] = {}
    for finding in sorted(findings):
        seen.setdefault((finding.location, finding.rule, finding.message, bool(finding.excuse)), finding)
    return list(_numbered(seen.values()))


def _numbered(findings: Iterable[LocatedFinding]) -> Iterator[LocatedFinding]:
    counts: dict[str, int] = {}
    for finding in findings:
        number = counts.get(finding.fingerprint, 0)
        counts[finding.fingerprint] = number + 1
        yield dataclasses.replace(finding, fingerprint=f"{finding.fingerprint}-{number}") if number else finding


def levelled(findings: Iterable[LocatedFinding], settings: Settings) -> Iterator[LocatedFinding]:
    """The findings at the levels that the settings give their rules, there or everywhere; without those that are off.

    A rule that only some paths ask for has looked at all of them.
    """
    for finding in findings:
        level = settings.rules.get(finding.rule) or ("" if asked(RULES[finding.rule], settings.profile) else "off")
        for override in settings.exceptions:
            if finding.rule in override.rules and matches(override.paths, finding.location.path):
                level = override.rules[finding.rule]
        if level != "off":
            yield dataclasses.replace(finding, severity=Severity(level)) if level else finding


def untold(findings: Iterable[LocatedFinding], told: Iterable[LocatedFinding]) -> Iterator[Skipped]:
    """What was not looked at and is no finding in this profile."""
    spoken = {finding.fingerprint for finding in told if finding.rule in COVERAGE}
    for finding in findings:
        if finding.rule in COVERAGE and finding.fingerprint not in spoken:
            yield Skipped(finding.location.path, finding.message)


def matches(patterns: Iterable[str], path: str) -> bool:
    """Tell whether one of the settings' patterns fits a path; `*` reaches into directories."""
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)
