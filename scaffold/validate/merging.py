"""The findings of all stages to one list: once each, told apart, at the level that the settings ask for."""

from __future__ import annotations

import dataclasses
import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from scaffold.model import How, LocatedFinding, Overlay, Severity, Skipped
from scaffold.rules import COVERAGE, OVERLAY, RULES
from scaffold.settings import Settings
from scaffold.validate.active import asked

_MANY = 3  # findings of one rule at one place
_NAMED = re.compile(r" (?:of environment|in cluster) ")  # by a message that needs no overlay
_BUILT = " for "  # before what builds a directory, in the name of one of several builds of it


def merged(
    findings: Iterable[LocatedFinding],
    releases: Mapping[str, re.Pattern[str]] = MappingProxyType({}),
    readers: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> list[LocatedFinding]:
    """One finding for a flaw that several overlays show; equal fingerprints of different flaws are told apart.

    `releases` finds, by the directories of charts, the names under which each is released; what differs in them alone
    is one flaw too. `readers` are the overlays that read each file: a flaw that some of them alone show says so.
    """
    seen: dict[Any, LocatedFinding] = {}
    shown: dict[Any, set[str]] = {}
    for finding in sorted(findings):
        names = releases.get(finding.overlay)
        message = names.sub("", finding.message) if names else finding.message
        key = finding.location, finding.rule, message, bool(finding.excuse)
        seen.setdefault(key, finding)
        shown.setdefault(key, set()).add(finding.overlay)
    told = (_of_some(finding, shown[key], readers) for key, finding in seen.items())
    return list(_numbered(_few(told)))


def _of_some(finding: LocatedFinding, shown: set[str], readers: Mapping[str, frozenset[str]]) -> LocatedFinding:
    """The finding with the overlays that show it, where others that read its file do not."""
    alone = shown < readers.get(finding.location.path, frozenset())
    if not alone or RULES[finding.rule].SCOPE != OVERLAY or _NAMED.search(finding.message):
        return finding
    first, *others = sorted(name.partition(_BUILT)[2] or name for name in shown)
    also = f" and {others[0]!r}" if len(others) == 1 else f" and {len(others)} other overlays" if others else ""
    return dataclasses.replace(finding, message=f"in {first!r}{also}, {finding.message}")


def readers(overlays: Iterable[Overlay]) -> dict[str, frozenset[str]]:
    """The overlays that kustomize has built of each file, as findings name them."""
    found: dict[str, set[str]] = {}
    for overlay in overlays:
        if overlay.how in (How.FLUX, How.KUSTOMIZE) and overlay.objects and not overlay.partial:
            for path in overlay.reads:
                found.setdefault(path, set()).add(overlay.name or ".")
    return {path: frozenset(names) for path, names in found.items() if len(names) > 1}


def _few(findings: Iterable[LocatedFinding]) -> Iterator[LocatedFinding]:
    """One finding where a rule has more to say of one place than anybody reads: what is mended there is one line."""
    places: dict[Any, list[LocatedFinding]] = {}
    for finding in findings:
        places.setdefault((finding.location, finding.rule, bool(finding.excuse)), []).append(finding)
    for found in places.values():
        if len(found) > _MANY and not any(finding.remedy or finding.unless for finding in found):
            yield dataclasses.replace(found[0], message=f"{found[0].message}; {len(found) - 1} more are alike here")
        else:
            yield from found


def releases(overlays: Iterable[Overlay]) -> dict[str, re.Pattern[str]]:
    """What finds the names of the releases, by the directory of each chart that has several."""
    found: dict[str, set[str]] = {}
    for overlay in overlays:
        if overlay.release:
            found.setdefault(overlay.path, set()).add(overlay.release.name)
    return {path: _any_of(names) for path, names in found.items() if len(names) > 1}


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Names as they stand at the start and the end of what a chart calls its objects."""
    longest = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, longest))})(?![\w.])")


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
