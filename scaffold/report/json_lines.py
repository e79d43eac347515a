"""One JSON object; version 1 keeps every key that is here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scaffold.model import LocatedFinding
from scaffold.report.outcome import Outcome


def lines(outcome: Outcome, _: Path) -> Iterator[str]:
    """Yield the whole report as indented JSON."""
    summary = outcome.summary
    data = {
        "version": 1,
        "findings": [_finding(finding) for finding in outcome.findings],
        "summary": {
            "files": summary.files,
            "overlays": summary.overlays,
            "objects": summary.objects,
            "skipped": [{"path": item.path, "reason": item.reason} for item in summary.skipped],
            "unchanged": summary.unchanged,
            "known": summary.known,
            "renderer": summary.renderer,
        },
    }
    yield json.dumps(data, indent=2, ensure_ascii=False)


def _finding(finding: LocatedFinding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "path": finding.location.path,
        "line": finding.location.line,
        "column": finding.location.column,
        "fingerprint": finding.fingerprint,
        "overlay": finding.overlay,
        "fixable": finding.remedy is not None,
    }
