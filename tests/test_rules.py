"""Every directory in tests/cases is a repository, and its expected.txt what the tool says about it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from checking import check, lines

from scaffold.rules import RULES, profiles

_CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("case", sorted(_CASES.glob("*/*/")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_case(case: Path, tmp_path: Path) -> None:
    root = tmp_path / "repository"
    shutil.copytree(case, root, symlinks=True, ignore=shutil.ignore_patterns("expected.txt"))
    rule = RULES[case.parent.name]
    report = check(root, require_rendered=rule.ID == "not-rendered", profile=next(iter(profiles(rule)), ""))
    assert lines(report, root) == (case / "expected.txt").read_text().splitlines()
