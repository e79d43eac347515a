"""Every directory in tests/fixtures/audit is a repository with pipelines, its expected.txt what the audit says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import Command

from scaffold.audit import audit
from scaffold.audit.patterns import PATTERNS
from scaffold.audit.secrets import shown
from scaffold.audit.shell import Script, commands
from scaffold.model import Spot
from scaffold.report.access import text

_CASES = Path(__file__).parent / "fixtures/audit"
_NAMES = sorted(path.name for path in _CASES.iterdir())
# What stands elsewhere is said in the summary, not as a finding.
_SAID = {"unresolved", "unknown-step", "other-pipeline"}


@pytest.fixture
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    target = tmp_path / "repository"
    shutil.copytree(_CASES / request.param, target, ignore=shutil.ignore_patterns("expected.txt"))
    return target


@pytest.mark.parametrize("repository", _NAMES, indirect=True, ids=str)
def test_case(repository: Path, request: pytest.FixtureRequest) -> None:
    found = audit(repository)
    said = [*text.lines(found), *text.summary(found)]
    assert said == (_CASES / request.node.callspec.params["repository"] / "expected.txt").read_text().splitlines()


def test_every_pattern_fires_in_some_case() -> None:
    expected = "".join(path.read_text() for path in _CASES.glob("*/expected.txt"))
    assert {name for name in PATTERNS if f"[{name}]" not in expected} == _SAID
    assert expected.count("not followed") > len(_SAID)


@pytest.mark.parametrize("repository", ["credentials"], indirect=True, ids=str)
@pytest.mark.parametrize("format_", ["text", "json", "sarif", "markdown"])
def test_no_secret_is_printed(repository: Path, format_: str, command: Command) -> None:
    result = command("audit", repository, "--format", format_)
    assert result.code == 1
    assert not [secret for secret in ("hunter2", "eyJhbGciOiJSUzI1NiIs") if secret in result.out + result.err]


@pytest.mark.parametrize("repository", ["shell-changes"], indirect=True, ids=str)
def test_json_joins_a_push_to_what_it_deploys(repository: Path, command: Command) -> None:
    result = command("audit", repository, "--format", "json")
    found = json.loads(result.out)
    assert found["version"] == 1
    assert [item["deploys"] for item in found["findings"] if item["rule"] == "helm-image"] == [
        {
            "kind": "chart",
            "path": "charts/web",
            "release": "web",
            "namespace": "",
            "version": "",
            "values": [],
            "images": ["image.tag=${{ github.sha }}"],
        }
    ]


@pytest.mark.parametrize("repository", ["shell-changes"], indirect=True, ids=str)
def test_markdown_is_a_plan_in_order(repository: Path, command: Command) -> None:
    result = command("audit", repository, "--format", "markdown")
    headings = [line for line in result.out.splitlines() if line.startswith("#")]
    assert [heading[:5] for heading in headings] == ["# Fro", "## 1.", "## 2.", "## 3."]
    assert "| overlay `overlays/production` |" in result.out


def test_sarif_names_its_rules(tmp_path: Path, command: Command) -> None:
    shutil.copytree(_CASES / "azure", tmp_path, dirs_exist_ok=True)
    (run,) = json.loads(command("audit", tmp_path, "--format", "sarif").out)["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted({item["ruleId"] for item in run["results"]})
    assert all(rules[item["ruleIndex"]] == item["ruleId"] for item in run["results"])


def test_information_alone_ends_well(tmp_path: Path, command: Command) -> None:
    (tmp_path / ".travis.yml").write_text("script:\n  - kubectl diff -f k8s/\n")
    assert command("audit", tmp_path).code == 0


def test_repository_without_a_pipeline_is_said(tmp_path: Path, command: Command) -> None:
    (tmp_path / "a.yaml").write_text("a: b\n")
    result = command("audit", tmp_path)
    assert result.code == 3
    assert "no pipeline stands below" in result.err


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("helm upgrade web --set db.password=hunter2", "helm upgrade web --set db.password=***"),
        ("kubectl --token $TOKEN get pods", "kubectl --token $TOKEN get pods"),
        ("kubectl --token abc get pods", "kubectl --token *** get pods"),
        ("docker login -u a -p b", "docker login -u a -p ***"),
        ("mkdir -p a", "mkdir -p a"),
        ("git push https://user:pass@git.example.com/a", "git push https://***@git.example.com/a"),
    ],
)
def test_what_is_shown_of_a_command(written: str, printed: str) -> None:
    assert shown(written.split()) == printed


@given(st.text(st.sampled_from("kubectl apply -f |&;<>(){}$'\"\\`#\n\té=")))
def test_any_script_is_read(script: str) -> None:
    for command in commands(Script(Spot.whole(script, "a.sh"))):
        assert 1 <= command.place.line <= script.count("\n") + 1
        assert command.place.column >= 1
