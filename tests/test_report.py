"""What reporters print, to the letter."""

from __future__ import annotations

import dataclasses
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from published import SCHEMAS
from running import Command

from scaffold import git, report
from scaffold.model import Confidence, LocatedFinding, Location, Severity, Skipped
from scaffold.report import FORMATS, github, gitlab, json_lines, junit, markdown, placed, sarif, text
from scaffold.validate import Report, Summary

_FINDING = LocatedFinding(
    Location("a.yaml", 2, 4), "some-rule", "it is so; mend it", Severity.ERROR, Confidence.MEDIUM, "f" * 20, "overlay"
)
_SUMMARY = Summary(3, 2, 1234, (), "kubectl kustomize 5.8.1")


def _text(root: Path, *findings: LocatedFinding) -> list[str]:
    return list(text.lines(Report(findings, _SUMMARY), root))


def test_text_shows_the_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\nb: 2   \n")
    assert _text(tmp_path, _FINDING) == ["a.yaml:2:4: error: it is so; mend it [some-rule]", "       2 | b: 2"]


@pytest.mark.parametrize("line", [0, 3, 99])
def test_text_of_a_line_that_is_not_there(line: int, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\nb: 2\n")
    finding = dataclasses.replace(_FINDING, location=Location("a.yaml", line, 1))
    assert _text(tmp_path, finding) == [f"a.yaml:{line}:1: error: it is so; mend it [some-rule]"]


def test_text_of_a_file_that_is_gone_or_no_text(tmp_path: Path) -> None:
    assert len(_text(tmp_path, _FINDING)) == 1
    (tmp_path / "a.yaml").write_bytes(b"\xff\n\xff\n")
    assert len(_text(tmp_path, _FINDING)) == 1


@pytest.mark.parametrize(
    "content", ["kind: Secret\n", "- kind: 'Secret'\n", '  kind: "Secret"\n', "secretGenerator:\n"], ids=repr
)
def test_text_never_shows_a_secret(content: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"{content}password: example\n")
    assert len(_text(tmp_path, _FINDING)) == 1


def test_text_is_not_led_by_what_a_file_holds(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\nb: \x1b[31mred\x07" + "x" * 500)
    shown = _text(tmp_path, _FINDING)[1]
    assert shown.isprintable()
    assert len(shown) < 200


def test_summary_counts_and_names() -> None:
    assert list(text.summary(_SUMMARY, 1)) == [
        "1 finding in 3 files; 2 overlays with 1,234 objects checked, nothing skipped (kubectl kustomize 5.8.1)"
    ]
    skipped = tuple(Skipped(f"a/{number}", "no helm") for number in range(25))
    lines = list(text.summary(dataclasses.replace(_SUMMARY, skipped=skipped, unchanged=7), 0))
    assert lines[0] == (
        "0 findings in 3 files; 2 overlays with 1,234 objects checked, 7 overlays unchanged, 25 skipped "
        "(kubectl kustomize 5.8.1)"
    )
    assert lines[1] == "skipped a/0: no helm"
    assert len(lines) == 22
    assert lines[-1] == "skipped 5 more; `--format json` names all"


def test_json_is_what_it_was(tmp_path: Path) -> None:
    report = Report((_FINDING,), dataclasses.replace(_SUMMARY, skipped=(Skipped("x", "caf\u00e9"),)))
    printed = "\n".join(json_lines.lines(report, tmp_path))
    assert json.loads(printed) == {
        "version": 1,
        "findings": [
            {
                "rule": "some-rule",
                "severity": "error",
                "confidence": "medium",
                "message": "it is so; mend it",
                "path": "a.yaml",
                "line": 2,
                "column": 4,
                "fingerprint": "f" * 20,
                "overlay": "overlay",
                "fixable": False,
            }
        ],
        "summary": {
            "files": 3,
            "overlays": 2,
            "objects": 1234,
            "skipped": [{"path": "x", "reason": "caf\u00e9"}],
            "unchanged": 0,
            "known": 0,
            "renderer": "kubectl kustomize 5.8.1",
        },
    }
    assert "caf\u00e9" in printed


_STRANGE = dataclasses.replace(
    _FINDING,
    location=Location("a b/\u00e9,50%.yaml", 7, 1),
    message='it is 100%\nof <b>|`x`_y_`|</b>, \x07\ud800 so; "mend" it & co',
    severity=Severity.INFO,
    rule="floating-image",
)
_WARNED = dataclasses.replace(
    _FINDING, rule="duplicate-key", severity=Severity.WARNING, location=Location("b.yaml", 1, 1)
)
_KNOWN = dataclasses.replace(_FINDING, rule="missing-resource")
_SKIPPED = dataclasses.replace(_SUMMARY, skipped=(Skipped("x y", "no <helm>"),))
_REPORT = Report((_STRANGE, _WARNED, _KNOWN, _KNOWN), _SKIPPED)
_CLEAN = Report((), _SUMMARY)


def _json(lines: Any) -> Any:
    return json.loads("\n".join(lines))


@pytest.mark.parametrize("report_", [_REPORT, _CLEAN], ids=["findings", "clean"])
def test_sarif_fits_its_published_schema(report_: Report, tmp_path: Path) -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text())
    log = _json(sarif.lines(report_, tmp_path))
    assert [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(log)] == []
    del log["runs"][0]["tool"]["driver"]["name"]
    assert not jsonschema_rs.validator_for(schema).is_valid(log)


def test_sarif_says_what_a_finding_says(tmp_path: Path) -> None:
    (run,) = _json(sarif.lines(_REPORT, tmp_path))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["duplicate-key", "floating-image", "missing-resource"]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [f.rule for f in _REPORT.findings]
    assert [result["level"] for result in run["results"]] == ["note", "warning", "error", "error"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/%C3%A9%2C50%25.yaml"
    assert place["region"] == {"startLine": 7, "startColumn": 1}
    assert run["results"][0]["partialFingerprints"] == {"gitopsScaffold/v1": "f" * 20}
    page = run["tool"]["driver"]["rules"][0]["helpUri"]
    assert page.endswith("/scaffold/rules/files/README.md#duplicate-key")
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "skipped, no <helm>"


def test_github_shows_errors_first_and_escapes(tmp_path: Path) -> None:
    lines = list(github.lines(_REPORT, tmp_path))
    assert lines[0] == (
        "::error title=missing-resource,file=a.yaml,line=2,col=4::a.yaml:2:4: it is so; mend it [missing-resource]"
    )
    assert [line.split()[0] for line in lines] == ["::error", "::error", "::warning", "::notice"]
    assert ",file=a b/\u00e9%2C50%25.yaml,line=7," in lines[3]
    assert "100%25%0Aof" in lines[3]
    assert list(github.lines(_CLEAN, tmp_path)) == []


def test_gitlab_has_every_required_part_and_no_fingerprint_twice(tmp_path: Path) -> None:
    entries = _json(gitlab.lines(_REPORT, tmp_path))
    for entry in entries:
        assert list(entry) == ["description", "check_name", "fingerprint", "severity", "location"]
        assert re.fullmatch("[0-9a-f]{20}", entry["fingerprint"])
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert isinstance(entry["location"]["path"], str)
        assert entry["location"]["lines"]["begin"] >= 1
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    assert entries[0]["fingerprint"] == "f" * 20
    assert _json(gitlab.lines(_CLEAN, tmp_path)) == []


def test_junit_counts_what_it_holds(tmp_path: Path) -> None:
    root = ET.fromstring("\n".join(junit.lines(_REPORT, tmp_path)).encode())
    (suite,) = root
    cases = list(suite)
    assert (root.tag, suite.tag, {case.tag for case in cases}) == ("testsuites", "testsuite", {"testcase"})
    assert all(case.get("name") and case.get("classname") for case in cases)
    assert len({case.get("name") for case in cases}) == len(cases)
    for element in (root, suite):
        assert element.get("tests") == str(len(cases)) == "5"
        assert element.get("failures") == str(len(suite.findall("testcase/failure"))) == "4"
        assert element.get("skipped") == str(len(suite.findall("testcase/skipped"))) == "1"
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert "100%\nof <b>" in str(failure.get("message"))


def test_junit_of_a_clean_run_has_a_case_that_passed(tmp_path: Path) -> None:
    (suite,) = ET.fromstring("\n".join(junit.lines(_CLEAN, tmp_path)).encode())
    assert [(case.get("name"), len(case)) for case in suite] == [("3 files, 2 overlays, 1234 objects", 0)]
    assert suite.get("tests") == "1"


def test_markdown_is_led_by_nothing_that_a_message_holds(tmp_path: Path) -> None:
    lines = list(markdown.lines(_REPORT, tmp_path))
    assert lines[0] == "### gitops-scaffold: 4 findings"
    row = next(line for line in lines if "100%" in line)
    assert "of \\<b\\>\\|\\`x\\`\\_y\\_\\`" in row
    assert len(re.findall(r"(?<!\\)\|", row)) == 5
    assert "- x y: no \\<helm\\>" in lines
    assert next(iter(markdown.lines(_CLEAN, tmp_path))) == "### gitops-scaffold: no findings"


def test_markdown_fits_into_a_comment(tmp_path: Path) -> None:
    skipped = tuple(Skipped("x" * 50, "y" * 50) for _ in range(2000))
    many = Report((_WARNED,) * 2000, dataclasses.replace(_SUMMARY, skipped=skipped))
    page = "\n".join(markdown.lines(many, tmp_path))
    assert len(page) < 65_536
    left = [int(found) for found in re.findall(r"(\d+) more", page)]
    assert [2000 - number for number in left] == [page.count("b.yaml"), page.count("x" * 50)]


def test_a_report_below_a_directory_names_it() -> None:
    moved = placed.below(_REPORT, "ops/live")
    assert [f.location.path for f in moved.findings][2:] == ["ops/live/a.yaml", "ops/live/a.yaml"]
    assert moved.findings[0].fingerprint == _STRANGE.fingerprint
    assert moved.summary.skipped[0].path == "ops/live/x y"
    assert placed.below(_REPORT, ".") is _REPORT


@pytest.mark.parametrize("name", FORMATS)
def test_forges_get_paths_from_the_top_and_others_from_the_root(name: str, tmp_path: Path) -> None:
    (tmp_path / "ops").mkdir()
    printed = "\n".join(report.lines(name, Report((_KNOWN,), _SUMMARY), tmp_path / "ops", tmp_path))
    assert ("ops/a.yaml" in printed) == (name in {"github", "gitlab", "sarif"})


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_prints_something_for_nothing_or_nothing(name: str, tmp_path: Path) -> None:
    assert all(line.isprintable() or "\n" in line for line in report.lines(name, _CLEAN, tmp_path, None))


def test_output_goes_to_files_beside_what_is_shown(tmp_path: Path, command: Command) -> None:
    root = tmp_path / "work/ops"
    root.mkdir(parents=True)
    (root / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: []}\n[\n")
    git.run(tmp_path / "work", "init", "--quiet")
    log, page = tmp_path / "out.sarif", tmp_path / "out.md"
    result = command("validate", root, "--output", f"sarif={log}", "--output", f"markdown={page}")
    assert (result.code, result.out.partition(":")[0]) == (1, "pod.yaml")
    (found,) = json.loads(log.read_text())["runs"][0]["results"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "ops/pod.yaml"
    assert page.read_text().startswith("### gitops-scaffold: 1 finding\n")
    result = command("validate", root, "--format", "json", "--output", log)
    assert (result.code, result.out) == (1, "")
    assert json.loads(log.read_text())["version"] == 1


OUTPUTS = {
    "an unknown format": ("srif=a", "format 'srif' is unknown; did you mean 'sarif'?"),
    "no directory": ("sarif=nowhere/a", "output 'nowhere/a' is in no directory that is there; make it first"),
    "a directory": (".", "output '.' is no file; name one"),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_that_cannot_be_is_said_before_anything_is_read(
    name: str, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, words = OUTPUTS[name]
    monkeypatch.chdir(tmp_path)
    result = command("validate", "--output", given)
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert words in result.err
