"""Alerts put to Prometheus' own tool: a case is series, and how many of an alert fire at which time."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml


def find() -> str:
    """The program; a test without it is skipped."""
    found = shutil.which("promtool")
    if not found:
        pytest.skip("promtool is not there; Debian has it in the package prometheus")
    return found


def fires(cases: Iterable[Mapping[str, Any]]) -> dict[str, set[bool]]:
    """Whether the cases of each alert show it firing, staying quiet, or both."""
    counts: dict[str, set[bool]] = {}
    for case in cases:
        counts.setdefault(case["alert"], set()).update(bool(count) for count in case["fires"].values())
    return counts


def judge(directory: Path, groups: list[dict[str, Any]], cases: Iterable[Mapping[str, Any]]) -> None:
    """Check groups of rules, and that each case comes out as it says."""
    (directory / "rules.yaml").write_text(yaml.safe_dump({"groups": groups}))
    run(directory, "check", "rules", "--lint=all", "--lint-fatal", "rules.yaml")
    tests = [{"interval": "1m", "name": case["case"], **_told(case)} for case in cases]
    unit_tests(directory, {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": tests})


def unit_tests(directory: Path, tests: dict[str, Any]) -> None:
    """Run tests in Prometheus' own format."""
    (directory / "tests.yaml").write_text(yaml.safe_dump(tests))
    run(directory, "test", "rules", "tests.yaml")


def run(directory: Path, *arguments: str) -> None:
    """Run the program, which has to be content."""
    command = (find(), *arguments)
    done = subprocess.run(command, cwd=directory, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def series(told: Mapping[str, str]) -> list[dict[str, str]]:
    """Series as Prometheus' tests want them."""
    return [{"series": name, "values": values} for name, values in told.items()]


def _told(case: Mapping[str, Any]) -> dict[str, Any]:
    severity = f', severity="{case["severity"]}"' if "severity" in case else ""
    query = f'count(ALERTS{{alertname="{case["alert"]}", alertstate="firing"{severity}}}) or vector(0)'
    expected = [
        {"expr": query, "eval_time": time, "exp_samples": [{"labels": "{}", "value": count}]}
        for time, count in case["fires"].items()
    ]
    return {"input_series": series(case["series"]), "promql_expr_test": expected}
