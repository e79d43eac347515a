"""SARIF 2.1.0, one run with the rules that fired; what was skipped are notifications of the run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import scaffold
from scaffold.model import LocatedFinding, Severity, Skipped
from scaffold.report.outcome import Outcome
from scaffold.rules import RULES, page, sentence

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_HOME = "https://github.com/gitops-scaffold/gitops-scaffold"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


class Rule(NamedTuple):
    """What a log says of a rule: its sentence and its manual, and the page in the project that holds it."""

    id: str
    severity: Severity
    sentence: str
    manual: str
    page: str


def lines(outcome: Outcome, _: Path) -> Iterator[str]:
    """Yield the log as indented JSON."""
    fired = sorted({finding.rule for finding in outcome.findings})
    yield from log([_known(name) for name in fired], outcome.findings, outcome.summary.skipped)


def log(rules: Sequence[Rule], findings: Sequence[LocatedFinding], skipped: Sequence[Skipped]) -> Iterator[str]:
    """Yield a log with one run; every finding's rule is among the rules."""
    names = [rule.id for rule in rules]
    driver = {
        "name": "gitops-scaffold",
        "semanticVersion": scaffold.__version__,
        "informationUri": _HOME,
        "rules": [_rule(rule) for rule in rules],
    }
    notes = [_notification(item) for item in skipped]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": [_result(finding, names.index(finding.rule)) for finding in findings],
    }
    yield json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _known(name: str) -> Rule:
    rule = RULES[name]
    return Rule(name, rule.SEVERITY, sentence(rule), (rule.__doc__ or "").strip(), page(rule))


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.sentence},
        "help": {"text": rule.manual, "markdown": rule.manual},
        "helpUri": f"{_HOME}/blob/v{scaffold.__version__}/{rule.page}",
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: LocatedFinding, index: int) -> dict[str, Any]:
    region = {"startLine": max(1, finding.location.line), "startColumn": max(1, finding.location.column)}
    where = {"artifactLocation": _artifact(finding.location.path), "region": region}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": where}],
        "partialFingerprints": {"gitopsScaffold/v1": finding.fingerprint},
        "properties": {"confidence": finding.confidence.value, "overlay": finding.overlay},
    }


def _notification(item: Skipped) -> dict[str, Any]:
    place = {"physicalLocation": {"artifactLocation": _artifact(item.path)}}
    return {"level": "note", "message": {"text": f"skipped, {item.reason}"}, "locations": [place]}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path, safe="/", errors="surrogateescape"), "uriBaseId": "%SRCROOT%"}
