"""What Git tells of a repository: an Application or a source that names its branch or its address means it."""

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


_UPDATES = """
# updates/automation.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: written
  namespace: shop
spec:
  interval: 1h
  url: https://git.example.com/shop/deploy.git
  ref:
    branch: main
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata:
  name: shop
  namespace: shop
spec:
  interval: 1h
  sourceRef:
    kind: GitRepository
    name: written
  git:
    commit:
      author:
        name: updates
        email: updates@example.com
  update:
    path: ./mail
    strategy: Setters
# mail/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: mail
# web/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  image: registry.example.com/web:1.4.2 # {"$imagepolicy": "shop:web"}
"""


def test_source_with_the_address_of_the_remote(tmp_path: Path) -> None:
    root = write(tmp_path / "deploy", _UPDATES)
    git.run(root, "init", "--quiet")
    git.run(root, "remote", "add", "origin", "git@git.example.com:shop/deploy.git")
    found = [line for line in _found(root, tmp_path) if "idle-image-update" in line]
    fact = "ImageUpdateAutomation 'shop' updates 'mail', where no file has a marker of an image policy"
    assert found == [f"updates/automation.yaml:28:11: warning: {fact}; mend the path [idle-image-update]"]


_FLEET = """
# clusters/production/flux-system/sync.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/platform/fleet.git
  ref:
    branch: main
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 10m
  path: ./clusters/production
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
# clusters/production/web.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 10m
  path: ./wbe
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
# clusters/production/flux-system/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - sync.yaml
# clusters/production/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - web.yaml
# web/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
"""


@pytest.mark.parametrize("mirror", ["/srv/mirrors/fleet.git", "../fleet.git", "file:///srv/mirrors/fleet.git"])
def test_directory_is_no_address(mirror: str, tmp_path: Path) -> None:
    root = write(tmp_path / "fleet", _FLEET)
    git.run(root, "init", "--quiet")
    git.run(root, "remote", "add", "origin", mirror)
    assert ["'wbe'" in line for line in _found(root, tmp_path)] == [True]


@pytest.mark.parametrize("other", ["https://git.example.com/shop/fleet.git", "git.example.com:shop/fleet.git"])
def test_source_with_another_address_than_the_remote(other: str, tmp_path: Path) -> None:
    root = write(tmp_path / "fleet", _FLEET)
    git.run(root, "init", "--quiet")
    git.run(root, "remote", "add", "origin", other)
    assert _found(root, tmp_path) == []
