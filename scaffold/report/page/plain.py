"""The page as JSON, for programs; version 1 keeps every key that is here."""

from __future__ import annotations

import json
from typing import Any

from scaffold.model import LocatedFinding
from scaffold.report.page.nouns import Cell, Change, Overview, Row

VERSION = 1


def page(overview: Overview) -> str:
    """What the HTML page shows, without the graph."""
    told = {
        "version": VERSION,
        "title": overview.title,
        "engine": overview.engine,
        "repository": overview.repository,
        "head": _change(overview.head),
        "today": overview.today,
        "environments": [stage._asdict() for stage in overview.environments],
        "applications": [_row(row) for row in overview.rows],
        "others": list(overview.others),
        "roles": [role._asdict() for role in overview.roles],
        "findings": [_finding(finding) for finding in overview.findings],
        "skipped": list(overview.skipped),
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _row(row: Row) -> dict[str, Any]:
    environments = {name: _cell(cell) for name, cell in row.cells.items()}
    return {"team": row.team, "application": row.application, "environments": environments}


def _cell(cell: Cell) -> dict[str, Any]:
    """One application in one environment; `age` and `lag` are in days, null where no commit says it."""
    return {
        "name": cell.name,
        "versions": {version.name: version.text for version in cell.versions},
        "since": _change(cell.since),
        "age": cell.age,
        "behind": list(cell.behind),
        "ahead": list(cell.ahead),
        "lag": cell.lag,
        "gate": cell.gate,
        "waits": cell.waits,
        "owners": list(cell.owners),
        "releasers": list(cell.releasers),
        "window": cell.window,
        "path": cell.path,
        "destination": cell.destination,
        "findings": cell.findings,
    }


def _change(change: Change | None) -> dict[str, str] | None:
    return change._asdict() if change else None


def _finding(finding: LocatedFinding) -> dict[str, Any]:
    said = {"rule": finding.rule, "severity": finding.severity.value, "message": finding.message}
    return {**said, **finding.location._asdict(), "fingerprint": finding.fingerprint}
