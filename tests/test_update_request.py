"""`update --pull-request`: one branch, made anew for each version, and never over what somebody has done there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import versions
from running import Command, commit

from scaffold import git
from scaffold.template import Template

HEAD = "update/template"
_TEAM = "teams/checkout"
_LAYERS: dict[str, dict[str, Any]] = {
    _TEAM: {"kind": "team", "team": "checkout", "environments": [{"name": "dev", "cluster": "hub", "gate": "auto"}]},
}
_APP = {"apps/checkout/payments": {"kind": "app", "team": "checkout", "app": "payments", "environments": ["dev"]}}
_QUOTA = f"{_TEAM}/environments/dev/limits.yaml"
_RANGE = "# Defaults for containers that say nothing.\n"


@pytest.fixture(scope="module")
def templates(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Template]:
    return versions.write(tmp_path_factory.mktemp("versions") / "template.git")


@pytest.fixture(scope="module")
def generated(templates: dict[str, Template], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fleets") / "fleet"
    versions.generate_into(path, templates["v1.0.0"], _LAYERS)
    return path


@pytest.fixture
def fleet(generated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of the fleet at the first version; the working directory is in it, the remote beside it."""
    git.run(tmp_path, "clone", "--quiet", "--bare", str(generated), "remote.git")
    git.run(tmp_path, "clone", "--quiet", "remote.git", "fleet")
    monkeypatch.chdir(tmp_path / "fleet")
    return tmp_path / "fleet"


def _request(command: Command, version: str = "v1.1.0") -> dict[str, Any]:
    done = command("update", "--to", version, "--pull-request", "--json")
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)["request"]
    return found


def _there(fleet: Path, path: str, revision: str = HEAD) -> str:
    return git.run(fleet.with_name("remote.git"), "show", f"{revision}:{path}")


def _edit(fleet: Path, path: str, old: str, new: str) -> None:
    text = (fleet / path).read_text()
    assert old in text
    (fleet / path).write_text(text.replace(old, new, 1))
    commit(fleet)
    git.run(fleet, "push", "--quiet", "origin", "HEAD")


def test_it_is_pushed_to_a_branch_of_its_own(fleet: Path, command: Command) -> None:
    before = git.run(fleet, "rev-parse", "HEAD")
    found = _request(command)
    assert (found["base"], found["head"], found["draft"], found["pushed"]) == ("main", HEAD, False, True)
    assert found["title"] == "Update the template to v1.1.0"
    assert "1 layer from v1.0.0 to v1.1.0" in found["body"]
    assert _RANGE in _there(fleet, _QUOTA)
    assert _RANGE not in (fleet / _QUOTA).read_text()
    assert git.run(fleet, "rev-parse", "HEAD", "main", "origin/main") == before * 3


def test_a_second_time_nothing_is_pushed_and_a_newer_version_takes_its_place(fleet: Path, command: Command) -> None:
    first = _request(command)
    _edit(fleet, f"{_TEAM}/README.md", "# ", "# Our ")
    second = _request(command)
    assert (second["pushed"], second["commit"]) == (False, first["commit"])
    assert _request(command, "v2.0.0")["pushed"]
    assert "_commit: v2.0.0\n" in _there(fleet, f"{_TEAM}/.copier-answers.yml")
    assert git.run(fleet.with_name("remote.git"), "rev-list", "--count", f"main..{HEAD}").strip() == "1"


@pytest.mark.parametrize("options", [("--message", "Mine"), ("--amend", "--no-edit")])
def test_what_somebody_has_done_on_the_branch_stays(fleet: Path, command: Command, options: tuple[str, ...]) -> None:
    _request(command)
    git.run(fleet, "fetch", "--quiet", "origin", HEAD)
    git.run(fleet, "switch", "--quiet", "--create", "mine", "FETCH_HEAD")
    (fleet / _QUOTA).write_text("kind: Mine\n")
    git.run(fleet, "commit", "--quiet", "--all", *options)
    git.run(fleet, "push", "--quiet", "--force", "origin", f"HEAD:{HEAD}")
    git.run(fleet, "switch", "--quiet", "main")
    found = _request(command, "v2.0.0")
    assert (found["commit"], found["pushed"]) == ("", False)
    assert _there(fleet, _QUOTA) == "kind: Mine\n"


def test_conflicts_make_a_draft_that_names_them(fleet: Path, command: Command) -> None:
    _edit(fleet, _QUOTA, "kind: LimitRange\n", "kind: LimitRange\n# Ours.\n")
    found = _request(command)
    assert found["draft"]
    assert f"{_QUOTA}:" in found["body"]
    assert "<<<<<<< here\n# Ours.\n" in _there(fleet, _QUOTA)


def test_dangers_make_a_draft_that_names_them(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    renaming = versions.renaming(tmp_path / "template.git", "argocd")
    versions.generate_into(tmp_path / "generated", renaming["v1.0.0"], _LAYERS | _APP)
    git.run(tmp_path, "clone", "--quiet", "--bare", "generated", "remote.git")
    monkeypatch.chdir(tmp_path / "generated")
    git.run(tmp_path / "generated", "remote", "add", "origin", str(tmp_path / "remote.git"))
    found = _request(command, "v2.0.0")
    assert found["draft"]
    assert "checkout-payments-dev" in found["body"]
    assert "to lose nothing that runs" in found["body"]


def test_nothing_is_pushed_where_there_is_nothing_to_take(fleet: Path, command: Command) -> None:
    assert _request(command, "v1.0.0") is None
    assert not git.run(fleet, "ls-remote", "origin", HEAD)


def test_a_shallow_clone_is_refused(fleet: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    _edit(fleet, f"{_TEAM}/README.md", "# ", "# Our ")
    git.run(fleet.parent, "clone", "--quiet", "--depth", "1", f"file://{fleet.with_name('remote.git')}", "shallow")
    monkeypatch.chdir(fleet.with_name("shallow"))
    done = command("update", "--pull-request")
    assert done.code == 2
    assert "the clone is shallow" in done.err
