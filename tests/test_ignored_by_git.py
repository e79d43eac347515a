"""What Git ignores each has who applies it, and an engine has not."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import lines, write

from scaffold import git
from scaffold.validate import Options, validate

_TREE = """
# web/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
secretGenerator:
  - name: web
    envs:
      - env/password.env
"""
_APPLICATION = """
# web.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://git.example.com/platform/fleet.git
    targetRevision: main
    path: web
  destination:
    name: in-cluster
    namespace: web
"""


@pytest.mark.parametrize("deployed", [False, True])
@pytest.mark.parametrize("ignored", [False, True])
def test_what_git_ignores_is_missed_where_an_engine_needs_it(tmp_path: Path, ignored: bool, deployed: bool) -> None:
    root = write(tmp_path / "fleet", _TREE + (_APPLICATION if deployed else ""))
    (root / ".gitignore").write_text("env/\n" if ignored else "other/\n")
    git.run(root, "init", "--quiet")
    report = validate(root, Options())
    told = [line for line in lines(report, root) if "[missing-resource]" in line]
    assert bool(told) is (deployed or not ignored)
    assert any("Git ignores" in item.reason for item in report.summary.skipped) is (ignored and not deployed)


def test_paths_outside_are_none_that_git_ignores(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("env/\n")
    assert git.would_ignore(tmp_path, ["env/a"]) == frozenset()
    git.run(tmp_path, "init", "--quiet")
    assert git.would_ignore(tmp_path, ["env/a", "../env/a", "b"]) == {"env/a"}
    assert git.would_ignore(tmp_path, []) == frozenset()
