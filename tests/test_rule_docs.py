"""The examples in the rules' manuals are run: what `Fails` shows is found, and what `Passes` shows is clean."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import check, example, lines, write

from scaffold.rules import RULES, Rule, profiles

_ALL = pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))


def _profile(rule: Rule) -> str:
    return next(iter(profiles(rule)), "")


@_ALL
def test_what_fails_is_found(rule: Rule, tmp_path: Path) -> None:
    root = write(tmp_path, example(rule, "fails"))
    report = check(root, require_rendered=rule.ID == "not-rendered", profile=_profile(rule))
    assert {finding.rule for finding in report.findings} == {rule.ID}, lines(report, tmp_path)


@_ALL
def test_what_passes_is_clean(rule: Rule, tmp_path: Path) -> None:
    root = write(tmp_path, example(rule, "passes"))
    report = check(root, require_rendered=True, profile=_profile(rule))
    assert not lines(report, tmp_path)
