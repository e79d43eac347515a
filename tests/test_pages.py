"""Our commands in the pages of a generated fleet run as they stand there, one after the other."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from running import Command, commit, status

import examples
from scaffold import git
from scaffold.cli import main

_SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_OURS = "gitops-scaffold "
_NAMED = ("onboarding", "promotion", "rollback", "disaster-recovery", "template-updates")
_PAGES = ("README.md", *(f"docs/{name}.md" for name in _NAMED))
# What says the same for both engines is run for one.
_SAME = "docs/promotion.md"
_OF_FLUX = (
    ("fleet", "README.md"),
    ("checkout", "README.md"),
    ("checkout", "docs/rollback.md"),
)
_VERBS = {"bump", "hold", "promote", "rollback"}
# What somebody who reads the page puts in, or has done before.
_NAMES = {"<app>": "refunds", "<team>": "checkout"}
_PINNED = re.compile(r"(?<=^  )(suspend: true|ref:\n    commit: \w+)$", re.MULTILINE)
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
    """Our own commands in a page's shell blocks, each text once."""
    text = page.read_text()
    for name, value in _NAMES.items():
        text = text.replace(name, value)
    lines = [line for block in _SHELL.findall(text) for line in block.splitlines() if line.startswith(_OURS)]
    yield from (shlex.split(line.removeprefix(_OURS)) for line in dict.fromkeys(lines))


def test_our_commands_work_as_they_stand_in_the_pages(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["new", str(tmp_path / "fleet"), "--defaults", "--data", "renovate=false"]) == 0
    pages = [("fleet", page) for page in _PAGES]
    assert _walk(tmp_path, pages, command, monkeypatch) == _VERBS | {"add", "remove", "set", "update", "validate"}


def test_they_work_in_the_pages_of_a_fleet_for_flux_and_of_the_repository_of_its_team(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ("engine=flux", "topology=multi-repo", "secrets=none")
    data = [part for answer in answers for part in ("--data", answer)]
    assert main(["new", str(tmp_path / "fleet"), "--defaults", *data]) == 0
    assert _walk(tmp_path, _OF_FLUX, command, monkeypatch) >= _VERBS | {"add", "new", "remove", "update", "validate"}
    here, there = tmp_path / "checkout", examples.EXAMPLES / "argocd-empty"
    assert list(_commands(here / _SAME)) == list(_commands(there / _SAME)), "run where they are said of Argo CD"


def _walk(
    directory: Path, pages: Iterable[tuple[str, str]], command: Command, monkeypatch: pytest.MonkeyPatch
) -> set[str]:
    """Run the commands of pages of repositories in a directory, and tell which of ours were among them."""
    known: set[str] = set()
    for repository, page in pages:
        here = directory / repository
        monkeypatch.chdir(here)
        for arguments in _commands(here / page):
            _publish(directory)
            _prepare(arguments, command)
            result = command(*arguments)
            assert result.code == 0, f"{page}: {shlex.join(arguments)}: {result.err}{result.out}"
            known.add(arguments[0])
            _keep(here)
    return known


def _publish(directory: Path) -> None:
    """Give each repository that has none a place where it is pushed to."""
    for tree in [path for path in directory.iterdir() if (path / ".git").is_dir()]:
        if not git.run(tree, "remote"):
            origin = directory / f"{tree.name}.git"
            git.run(directory, "clone", "--quiet", "--bare", str(tree), str(origin))
            git.run(tree, "remote", "add", "origin", str(origin))


def _prepare(arguments: list[str], command: Command) -> None:
    """What has come before: a version that is to go back, its pull request merged, a patch."""
    verb, here = arguments[0], Path.cwd()
    if verb == "rollback":
        for _ in range(2 if "--fleet" in arguments else 1):
            _write_newer(here, command)
            if "--fleet" in arguments:
                _pin(here)
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


def _write_newer(here: Path, command: Command) -> None:
    """Have production get a version that nobody has had, whatever was held there."""
    tag = f"1.5.{len(git.run(here, 'log', '--format=%h').splitlines())}"
    command("hold", "release", "payments", "--environment", "production")
    _keep(here)
    assert command("bump", f"{_IMAGE}:{tag}", "--environment", "production").code == 0
    _keep(here)


def _pin(team: Path) -> None:
    """Have the fleet's pin name the newest commit of the team's repository."""
    fleet = team.with_name("fleet")
    pin = fleet / "teams/checkout/environments/production/release.yaml"
    commit = git.run(team, "rev-parse", "HEAD").strip()
    pin.write_text(_PINNED.sub(f"ref:\n    commit: {commit}", pin.read_text()))
    _keep(fleet)


def _patch(repository: Path, environment: str) -> None:
    overlay = next(repository.glob("apps/**/payments")) / "overlays" / environment
    (overlay / "patch.yaml").write_text(_PATCHED)
    kustomization = overlay / "kustomization.yaml"
    kustomization.write_text(f"{kustomization.read_text()}patches:\n  - path: patch.yaml\n")


def _keep(fleet: Path) -> None:
    """Commit and push, as a person does between two commands."""
    if status(fleet):
        commit(fleet)
    git.run(fleet, "push", "--quiet", "--force", "origin", "HEAD:main")
