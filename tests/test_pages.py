"""Our commands in the pages of a generated fleet run as they stand there, one after the other."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import Command, commit, status

from scaffold import git
from scaffold.cli import main

_SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_OURS = "gitops-scaffold "
_PAGES = ("README.md", "docs/onboarding.md", "docs/promotion.md", "docs/rollback.md", "docs/disaster-recovery.md")
# What somebody who reads the page puts in, or has done before.
_NAMES = {"<app>": "refunds", "<team>": "checkout"}
_IMAGE = "registry.example.com/checkout/payments"
_PATCHED = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: payments
spec:
  minReadySeconds: 5
"""


def _commands(page: Path) -> Iterator[list[str]]:
    """Our own commands in a page's shell blocks."""
    text = page.read_text()
    for name, value in _NAMES.items():
        text = text.replace(name, value)
    for block in _SHELL.findall(text):
        yield from (shlex.split(line.removeprefix(_OURS)) for line in block.splitlines() if line.startswith(_OURS))


def test_our_commands_work_as_they_stand_in_the_pages(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet = tmp_path / "fleet"
    assert main(["new", str(fleet), "--defaults"]) == 0
    git.run(tmp_path, "clone", "--quiet", "--bare", str(fleet), str(tmp_path / "origin"))
    git.run(fleet, "remote", "add", "origin", str(tmp_path / "origin"))
    monkeypatch.chdir(fleet)
    known: set[str] = set()
    for page in _PAGES:
        for arguments in _commands(fleet / page):
            _prepare(arguments, command)
            result = command(*arguments)
            assert result.code == 0, f"{page}: {shlex.join(arguments)}: {result.err}{result.out}"
            known.add(arguments[0])
            _keep(fleet)
    assert known == {"add", "bump", "hold", "promote", "remove", "rollback", "set", "update", "validate"}


def _prepare(arguments: list[str], command: Command) -> None:
    """What has come before: a version that is to go back, its pull request merged, a patch."""
    verb, here = arguments[0], Path.cwd()
    if verb == "rollback":
        tag = f"1.5.{len(git.run(here, 'log', '--format=%h').splitlines())}"
        command("hold", "release", "payments", "--environment", "production")
        _keep(here)
        assert command("bump", f"{_IMAGE}:{tag}", "--environment", "production").code == 0
    elif arguments[:2] == ["hold", "release"]:
        git.run(here, "fetch", "--quiet", "origin")
        for branch in git.run(here, "branch", "--remotes", "--list", "origin/rollback*").split():
            git.run(here, "merge", "--quiet", branch)
    elif "--patch" in arguments:
        _patch(here, "dev")
    elif "--fold" in arguments:
        _patch(here, "staging")
        _patch(here, "production")
    _keep(here)


def _patch(fleet: Path, environment: str) -> None:
    overlay = fleet / "apps" / "checkout" / "payments" / "overlays" / environment
    (overlay / "patch.yaml").write_text(_PATCHED)
    kustomization = overlay / "kustomization.yaml"
    kustomization.write_text(f"{kustomization.read_text()}patches:\n  - path: patch.yaml\n")


def _keep(fleet: Path) -> None:
    """Commit and push, as a person does between two commands."""
    if status(fleet):
        commit(fleet)
    git.run(fleet, "push", "--quiet", "--force", "origin", "HEAD:main")
