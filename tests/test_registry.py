"""The registry as a whole: every rule registered, proven and documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from running import Command

from scaffold import rules
from scaffold.model import Severity
from scaffold.rules import RULES, Rule
from scaffold.settings import PROFILES

_CASES = Path(__file__).parent / "cases"
_FILES = sorted(path.stem for path in Path(rules.__file__).parent.glob("*/*.py") if path.stem != "__init__")
_ALL = pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))


def test_every_file_is_a_registered_rule_in_order() -> None:
    assert [name.replace("_", "-") for name in _FILES] == list(RULES)


@_ALL
def test_a_rule_is_named_by_its_file(rule: Rule) -> None:
    assert rule.ID.replace("-", "_") == rule.__name__.rpartition(".")[2]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.ID)


@_ALL
def test_a_rule_says_what_it_is(rule: Rule) -> None:
    assert isinstance(rule.SEVERITY, Severity)
    assert rule.SCOPE in {rules.FILE, rules.OVERLAY, rules.REPOSITORY, rules.RESULT}
    assert set(rules.profiles(rule)) <= set(PROFILES)
    assert rules.sentence(rule).endswith(".")
    assert len(rules.sentence(rule)) <= 120


@_ALL
def test_a_rule_has_cases_that_fire_and_cases_that_are_silent(rule: Rule) -> None:
    expected = [path.read_text() for path in _CASES.glob(f"{rule.ID}/*/expected.txt")]
    assert any(f"[{rule.ID}]\n" in text for text in expected)
    assert "" in expected


def test_every_case_belongs_to_a_rule_and_says_what_is_expected() -> None:
    assert {path.name for path in _CASES.iterdir()} == set(RULES)
    assert not [path for path in _CASES.glob("*/*/") if not (path / "expected.txt").is_file()]


@_ALL
def test_a_rule_has_a_case_with_a_patch_or_says_nothing_about_manifests(rule: Rule) -> None:
    texts = [path.read_text(errors="replace") for path in _CASES.glob(f"{rule.ID}/**/kustomization.yaml")]
    assert any("patch" in text for text in texts)


@_ALL
def test_explain_prints_the_manual(rule: Rule, command: Command) -> None:
    result = command("explain", rule.ID)
    assert result.code == 0
    assert rules.sentence(rule).split()[0] in result.out
    assert "Passes:" in result.out


def test_the_list_of_rules_names_them_all(command: Command) -> None:
    result = command("rules")
    assert result.code == 0
    assert [name for name in RULES if name not in result.out] == []


def test_the_readme_lists_the_rules_with_their_severity() -> None:
    text = (Path(__file__).parent.parent / "README.md").read_text()
    rows = dict(
        re.findall(
            r"^\| \[`([a-z-]+)`\]\(scaffold/rules/[a-z]+/README\.md#\1\) \| (error|warning|info) \|", text, re.MULTILINE
        )
    )
    assert rows == {name: rule.SEVERITY.value for name, rule in RULES.items()}
