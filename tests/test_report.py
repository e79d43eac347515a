"""What reporters print, to the letter."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from scaffold.model import Confidence, LocatedFinding, Location, Severity, Skipped
from scaffold.report import REPORTERS, json_lines, text
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
            }
        ],
        "summary": {
            "files": 3,
            "overlays": 2,
            "objects": 1234,
            "skipped": [{"path": "x", "reason": "caf\u00e9"}],
            "unchanged": 0,
            "renderer": "kubectl kustomize 5.8.1",
        },
    }
    assert "caf\u00e9" in printed


@pytest.mark.parametrize("name", REPORTERS)
def test_every_format_prints_something_for_nothing_or_nothing(name: str, tmp_path: Path) -> None:
    lines = list(REPORTERS[name](Report((), _SUMMARY), tmp_path))
    assert lines == [] or json.loads("\n".join(lines))["findings"] == []
