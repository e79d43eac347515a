"""SARIF 2.1.0, one run with the rules that fired; what was skipped are notifications of the run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import scaffold
from scaffold.model import LocatedFinding, Severity, Skipped
from scaffold.report.outcome import Outcome
from scaffold.rules import RULES, page, sentence

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_HOME = "https://github.com/gitops-scaffold/gitops-scaffold"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def lines(outcome: Outcome, _: Path) -> Iterator[str]:
    """Yield the log as indented JSON."""
    fired = sorted({finding.rule for finding in outcome.findings})
    driver = {
        "name": "gitops-scaffold",
        "semanticVersion": scaffold.__version__,
        "informationUri": _HOME,
        "rules": [_rule(name) for name in fired],
    }
    notes = [_notification(item) for item in outcome.summary.skipped]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": [_result(finding, fired.index(finding.rule)) for finding in outcome.findings],
    }
    yield json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rule(name: str) -> dict[str, Any]:
    rule = RULES[name]
    manual = (rule.__doc__ or "").strip()
    return {
        "id": name,
        "shortDescription": {"text": sentence(rule)},
        "help": {"text": manual, "markdown": manual},
        "helpUri": f"{_HOME}/blob/v{scaffold.__version__}/{page(rule)}",
        "defaultConfiguration": {"level": _LEVELS[rule.SEVERITY]},
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
