"""Workflow commands of GitHub Actions, which become annotations; errors first, because a step shows ten of a level."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scaffold.model import LocatedFinding, Severity
from scaffold.report.outcome import Outcome

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_IN_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def lines(outcome: Outcome, _: Path) -> Iterator[str]:
    """Yield a command for each finding; the log shows the message only, so that names the place again."""
    order = list(Severity)
    for finding in sorted(outcome.findings, key=lambda finding: order.index(finding.severity)):
        place = ":".join(str(part) for part in finding.location)
        message = f"{place}: {finding.message} [{finding.rule}]"
        yield f"::{_COMMANDS[finding.severity]} {_properties(finding)}::{message.translate(_IN_DATA)}"


def _properties(finding: LocatedFinding) -> str:
    path, line, column = finding.location
    named = {"title": finding.rule, "file": path, "line": str(line), "col": str(column)}
    return ",".join(f"{name}={value.translate(_IN_PROPERTY)}" for name, value in named.items())
