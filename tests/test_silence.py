"""Findings that somebody silenced with a reason: by a comment, or by a path in the settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import check, lines, write
from running import commit

from scaffold import git

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


_ANNOTATED = """# {path}
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    ignore.gitops-scaffold.github.io/{rule}: "{reason}"
spec:
  containers:
    - name: web
      image: registry.example.com/web{tag}
"""
_KUSTOMIZED = """# base/kustomization.yaml
resources: [pod.yaml]
# dev/kustomization.yaml
namePrefix: dev-
resources: [../base]
images:
  - name: registry.example.com/web
    newTag: latest
"""
_NEAREST = "did you mean 'floating-image'?"
ANNOTATIONS = {
    "with a reason": ("floating-image", "one build only", []),
    "until a day to come": ("floating-image", "one build only until 2999-12-31", []),
    "until a day that has gone": (
        "floating-image",
        "one build only until 2020-12-31",
        ["6:5: warning: ignore annotation for 'floating-image' has expired; mend the flaw or set a new date"],
    ),
    "without a reason": (
        "floating-image",
        " ",
        ["6:5: warning: ignore annotation for 'floating-image' gives no reason; write why as its value"],
    ),
    "for another rule": (
        "plain-secret",
        "none here",
        ["6:5: warning: ignore annotation for 'plain-secret' silences nothing; remove it"],
    ),
    "for a rule that nobody knows": (
        "floating-imgae",
        "one build only",
        ["6:5: warning: ignore annotation for 'floating-imgae' names a rule that nobody knows; " + _NEAREST],
    ),
}


@pytest.mark.parametrize("rendered", [False, True], ids=["as it stands", "as it is rendered"])
@pytest.mark.parametrize("name", ANNOTATIONS)
def test_annotation(name: str, rendered: bool, tmp_path: Path) -> None:
    rule, reason, expected = ANNOTATIONS[name]
    tree = _ANNOTATED.format(path="base/pod.yaml", rule=rule, reason=reason, tag="" if not rendered else ":1.0.0")
    write(tmp_path, tree + (_KUSTOMIZED if rendered else ""))
    found = lines(check(tmp_path), tmp_path)
    idle = [f"base/pod.yaml:{line} [unused-ignore]" for line in expected]
    assert [line for line in found if "[unused-ignore]" in line] == idle
    assert [line for line in found if "[floating-image]" in line] == ([] if not expected else [found[-1]])


def test_annotation_that_only_an_overlay_adds(tmp_path: Path) -> None:
    tree = _POD.format(path="base/pod.yaml", comment=":1.0.0") + _KUSTOMIZED
    tree += "commonAnnotations:\n  ignore.gitops-scaffold.github.io/floating-image: tried out here\n"
    assert _rules(write(tmp_path, tree)) == []


def test_annotation_of_an_object_that_spans_the_repository(tmp_path: Path) -> None:
    tree = """
        # application.yaml
        apiVersion: argoproj.io/v1alpha1
        kind: AppProject
        metadata:
          name: web
          annotations:
            ignore.gitops-scaffold.github.io/project-wildcard: the platform's own
        spec:
          sourceRepos: ["*"]
    """
    assert _rules(write(tmp_path, tree)) == []


def test_silence_is_idle_only_where_its_rule_looked(tmp_path: Path) -> None:
    comment = "  # gitops-scaffold: ignore floating-image: one build only"
    root = write(tmp_path, _POD.format(path="base/pod.yaml", comment=comment) + _KUSTOMIZED)
    _settings(root, "rules: {floating-image: off}\n")
    assert _rules(root) == []
    (root / ".gitops-scaffold.yaml").unlink()
    git.run(root, "init", "--quiet")
    commit(root)
    write(root, "# other/config.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    assert sorted(_rules(root)) == ["floating-image", "unused-ignore"]
    assert [f.rule for f in check(root, changed_since="HEAD").findings] == []
