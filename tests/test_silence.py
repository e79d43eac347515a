"""Findings that somebody silenced with a reason: by a comment, or by a path in the settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import check, write

_POD = """# {path}
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web{comment}
"""


def _rules(root: Path) -> list[str]:
    return [finding.rule for finding in check(root).findings]


def _settings(root: Path, text: str) -> Path:
    (root / ".gitops-scaffold.yaml").write_text(text)
    return root


COMMENTS = {
    "with a reason": ("  # gitops-scaffold: ignore floating-image: one build only", []),
    "until a day to come": ("  # gitops-scaffold: ignore floating-image: for now until 2999-12-31", []),
    "until a day that has gone": (
        "  # gitops-scaffold: ignore floating-image: for now until 2020-12-31",
        ["unused-ignore", "floating-image"],
    ),
    "until a day that there is not": (
        "  # gitops-scaffold: ignore floating-image: for now until 2999-02-31",
        ["unused-ignore", "floating-image"],
    ),
    "without a reason": ("  # gitops-scaffold: ignore floating-image", ["unused-ignore", "floating-image"]),
    "for another rule": (
        "  # gitops-scaffold: ignore plain-secret: none here",
        ["unused-ignore", "floating-image"],
    ),
    "in a text": ("  # nothing of ours", ["floating-image"]),
}


@pytest.mark.parametrize("name", COMMENTS)
def test_comment(name: str, tmp_path: Path) -> None:
    comment, expected = COMMENTS[name]
    found = _rules(write(tmp_path, _POD.format(path="pod.yaml", comment=comment)))
    assert sorted(found) == sorted(expected)


def test_comment_in_a_base_silences_every_overlay(tmp_path: Path) -> None:
    tree = _POD.format(path="base/pod.yaml", comment="  # gitops-scaffold: ignore floating-image: one build only")
    tree += "# base/kustomization.yaml\nresources: [pod.yaml]\n"
    for name in ("dev", "production"):
        tree += f"# {name}/kustomization.yaml\nnamePrefix: {name}-\nresources: [../base]\n"
    assert _rules(write(tmp_path, tree)) == []


def test_comment_in_a_file_that_is_no_yaml_is_no_excuse(tmp_path: Path) -> None:
    write(tmp_path, "# a.yaml\n# gitops-scaffold: ignore yaml-syntax: it is a template\na: [b\n")
    assert _rules(tmp_path) == ["yaml-syntax"]


PATHS = {
    "a file": ("paths: [vendor/pod.yaml]", ["floating-image"]),
    "a directory": ("paths: ['vendor/*']", ["floating-image"]),
    "everything": ("paths: ['*']", []),
    "one rule": ("paths: ['*']\n    rules: [floating-image]", []),
    "another rule": ("paths: ['*']\n    rules: [plain-secret]", ["floating-image", "floating-image"]),
    "an end to come": ("paths: ['*']\n    until: 2999-01-31", []),
    "an end that has gone": ("paths: ['*']\n    until: 2020-01-31", ["floating-image", "floating-image"]),
}


@pytest.mark.parametrize("name", PATHS)
def test_path(name: str, tmp_path: Path) -> None:
    entry, expected = PATHS[name]
    write(tmp_path, _POD.format(path="vendor/pod.yaml", comment="") + _POD.format(path="own/pod.yaml", comment=""))
    assert _rules(_settings(tmp_path, f"ignore:\n  - {entry}\n    reason: kept as it came\n")) == expected
