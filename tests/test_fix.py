"""What `validate --fix` makes of files: what is right changes, every other byte stays."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from checking import check, write
from running import Command, Result, files

from scaffold.validate import fixing

_CASES = Path(__file__).parent / "cases"
_BROKEN = """
    # kustomization.yaml
    resources: [deployment.yaml, job.yaml, application.yaml]
    # deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: 'web'}   # kept
    spec:
        replicsa: 2   # meant to be two
        selector: {matchLabels: {app: web}}
        template:
            metadata: {labels: {app: web}}
            spec:
                containers:
                -   image: "registry.example.com/web:1.0.0"
                    name: web
                    ports: [{containerPrt: 8080}]
    # job.yaml
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: migrate
      annotations:
        argocd.argoproj.io/hook: "PreSynch, postsync"
        argocd.argoproj.io/sync-options: Prune=fals,Replace=true
    spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "registry.example.com/a:1.0.0"}]}}}
    # application.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata:
      name: web
      finalizers: [resource-finalizer.argocd.argoproj.io]
    spec:
      project: web
      source: {repoURL: https://git.example.com/web.git, path: web, targetRevision: v1}
      destination: {name: in-cluster, namespace: web}
      syncPolicy:
        syncOptions:
          - CreateNamespaces=true # the first
"""
_REPLACED = {
    "replicsa": "replicas",
    "containerPrt": "containerPort",
    "PreSynch, postsync": "PreSync, PostSync",
    "Prune=fals,": "Prune=false,",
    "resource-finalizer": "resources-finalizer",
    "CreateNamespaces": "CreateNamespace",
}


def _fix(command: Command, root: Path, *options: str) -> Result:
    return command("validate", str(root), *options, "--no-cache", "--jobs", "1")


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_fix_changes_what_is_wrong_and_no_other_byte(newline: str, command: Command, tmp_path: Path) -> None:
    root = write(tmp_path, _BROKEN)
    for path in root.glob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", newline.encode()))
    wanted = files(root)
    for old, new in _REPLACED.items():
        wanted = {path: content.replace(old.encode(), new.encode()) for path, content in wanted.items()}
    preview = _fix(command, root, "--diff")
    assert preview.code == 1
    before = files(root)
    done = _fix(command, root, "--fix")
    assert files(root) == wanted
    assert f"{len(_REPLACED) + 1} fixed in 3 files" in done.err
    assert "did you mean" not in done.out
    assert "0 fixed in 0 files" in _fix(command, root, "--fix").err
    assert files(root) == wanted
    assert _fix(command, root, "--diff").out == ""
    for name, content in before.items():
        (root / name).write_bytes(content)
    subprocess.run(["git", "apply", "-"], input=preview.out.encode(), cwd=root, check=True)
    assert files(root) == wanted


def test_fix_leaves_what_is_silenced(command: Command, tmp_path: Path) -> None:
    root = write(
        tmp_path, _BROKEN.replace("# the first", "# gitops-scaffold: ignore unknown-sync-option: a fork knows it")
    )
    assert "CreateNamespaces" not in _fix(command, root, "--diff").out


def test_fix_leaves_a_field_whose_right_name_is_there_or_does_not_fit(command: Command, tmp_path: Path) -> None:
    twice = _BROKEN.replace("replicsa: 2", "replicsa: 2\n        replicas: 3")
    root = write(tmp_path, twice.replace("containerPrt: 8080", "containerPrt: web"))
    assert "deployment.yaml" not in _fix(command, root, "--diff").out


def test_fix_in_a_base_reaches_every_overlay_and_is_one(command: Command, tmp_path: Path) -> None:
    parts = _BROKEN.replace("# ", "# base/", 1)
    for name in ("deployment", "job", "application"):
        parts = parts.replace(f"# {name}.yaml", f"# base/{name}.yaml")
    overlays = "".join(f"    # {name}/kustomization.yaml\n    resources: [../base]\n" for name in ("dev", "live"))
    root = write(tmp_path, parts + overlays)
    assert f"{len(_REPLACED) + 1} fixed in 3 files" in _fix(command, root, "--fix").err


def test_fix_and_diff_exclude_each_other(command: Command, tmp_path: Path) -> None:
    done = _fix(command, tmp_path, "--fix", "--diff")
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize(
    "rule",
    ["misspelled-finalizer", "unknown-hook", "unknown-hook-delete-policy", "unknown-sync-option", "schema-violation"],
)
def test_fix_of_golden_cases_mends_each_finding_that_it_speaks_of(rule: str, tmp_path: Path) -> None:
    mended = 0
    for case in sorted((_CASES / rule).iterdir()):
        root = tmp_path / case.name
        shutil.copytree(case, root, ignore=shutil.ignore_patterns("expected.txt"))
        before = check(root)
        made = fixing.fixed(root, before.findings)
        fixing.write(root, made)
        after = check(root)
        gone = {finding.fingerprint for finding in before.findings} - {item.fingerprint for item in after.findings}
        assert len(gone) >= made.mended
        assert not fixing.fixed(root, after.findings).after
        mended += made.mended
    assert mended
