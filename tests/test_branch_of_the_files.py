"""An Application that names the branch of these files means them, and no longer once another branch is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from checking import lines, write

from scaffold import git
from scaffold.validate import Options, validate

_TREE = """
# apps/web.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://git.example.com/shop/deploy.git
    targetRevision: next
    path: wbe
  destination:
    name: in-cluster
    namespace: shop
# web/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
"""
_FOUND = (
    "apps/web.yaml:11:11: error: application 'web' deploys path 'wbe', which is not there; "
    "did you mean 'web'? [missing-path]"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    found = write(tmp_path / "deploy", _TREE)
    git.run(found, "init", "--quiet", "--initial-branch", "next")
    git.run(found, "remote", "add", "origin", "https://git.example.com/shop/deploy.git")
    return found


def _found(root: Path, tmp_path: Path) -> list[str]:
    return lines(validate(root, Options(jobs=1, cache=tmp_path / "cache")), root)


def test_branch_that_is_checked_out(root: Path, tmp_path: Path) -> None:
    assert _found(root, tmp_path) == [_FOUND]
    git.run(root, "symbolic-ref", "HEAD", "refs/heads/other")
    assert _found(root, tmp_path) == []
    git.run(root, "symbolic-ref", "HEAD", "refs/heads/next")
    assert _found(root, tmp_path) == [_FOUND]


def test_branch_that_the_remote_begins_with(root: Path, tmp_path: Path) -> None:
    git.run(root, "symbolic-ref", "HEAD", "refs/heads/mended")
    git.run(root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/next")
    assert _found(root, tmp_path) == [_FOUND]


def test_no_repository_has_no_branch(tmp_path: Path) -> None:
    assert git.tree_names(write(tmp_path / "plain", _TREE)) == ()
