"""SARIF 2.1.0, with the patterns that were found as its rules."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import LocatedFinding, Skipped, fingerprint
from scaffold.report import sarif
from scaffold.report.access.outcome import Audit, Pattern
from scaffold.report.access.wording import message


def lines(audit: Audit) -> Iterator[str]:
    """Yield the log as indented JSON; what was not followed are notifications of the run."""
    patterns = {access.pattern.id: access.pattern for access in audit.accesses}
    rules = [_rule(patterns[name]) for name in sorted(patterns)]
    findings = [
        LocatedFinding(
            access.place,
            access.pattern.id,
            message(access),
            access.severity,
            fingerprint=fingerprint(access.pattern.id, access.place.path, f"{access.job}/{access.text}"),
        )
        for access in audit.accesses
    ]
    notes = [Skipped(place.path, f"{name!r} is not read here") for place, name in audit.unresolved]
    yield from sarif.log(rules, findings, notes)


def _rule(pattern: Pattern) -> sarif.Rule:
    return sarif.Rule(pattern.id, pattern.severity, f"What {pattern.fact}.", pattern.remedy, "README.md#audit")
