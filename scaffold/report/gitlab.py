"""GitLab's code quality report: a JSON array in which fingerprints may not repeat."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scaffold.model import LocatedFinding, Severity
from scaffold.report.outcome import Outcome

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def lines(outcome: Outcome, _: Path) -> Iterator[str]:
    """Yield the report as indented JSON."""
    seen: Counter[str] = Counter()
    entries = []
    for finding in outcome.findings:
        entries.append(_entry(finding, seen[finding.fingerprint]))
        seen[finding.fingerprint] += 1
    yield json.dumps(entries, indent=2, ensure_ascii=False)


def _entry(finding: LocatedFinding, before: int) -> dict[str, Any]:
    """One finding; of those with one fingerprint the second and later ones are told apart by their number."""
    again = f"{finding.fingerprint} {before}".encode()
    return {
        "description": f"{finding.message} [{finding.rule}]",
        "check_name": finding.rule,
        "fingerprint": hashlib.blake2b(again, digest_size=10).hexdigest() if before else finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": finding.location.path, "lines": {"begin": max(1, finding.location.line)}},
    }
