"""What has no schema here is a finding where the profile asks for it, and else a part of the summary."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import check, write

_TREE = """
    # cluster.yaml
    apiVersion: cluster.x-k8s.io/v1beta2
    kind: Cluster
    metadata:
      name: north
"""
_TOLD = (
    "kind 'Cluster' of 'cluster.x-k8s.io/v1beta2' has no schema here, so 1 object is unchecked; "
    "add its CustomResourceDefinition to the repository"
)


def test_the_summary_names_it(tmp_path: Path) -> None:
    report = check(write(tmp_path, _TREE))
    assert not report.findings
    assert [(item.path, item.reason) for item in report.summary.skipped] == [("cluster.yaml", _TOLD)]


def test_a_profile_makes_it_a_finding_alone(tmp_path: Path) -> None:
    report = check(write(tmp_path, _TREE), profile="strict")
    assert [finding.message for finding in report.findings] == [_TOLD]
    assert not report.summary.skipped


@pytest.mark.parametrize(("level", "findings"), [("error", 1), ("off", 0)])
def test_settings_decide_which(tmp_path: Path, level: str, findings: int) -> None:
    (tmp_path / ".gitops-scaffold.yaml").write_text(f"rules:\n  unchecked-kind: {level}\n")
    report = check(write(tmp_path, _TREE))
    assert len(report.findings) == findings
    assert len(report.summary.skipped) == 1 - findings
