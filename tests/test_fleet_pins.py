"""A team's own repository whose environments have branches, and the fleet's pins: each commit goes where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from running import Command, commit

from scaffold import git
from scaffold.cli import main

_IMAGE = "registry.example.com/checkout/payments"
_PIN = "teams/checkout/environments/production/release.yaml"
_FLEET = "https://git.example.com/platform/fleet.git"
_ANSWERS = {
    "engine": "flux",
    "topology": "multi-repo",
    "environment_strategy": "branches",
    "environments": "dev, production",
    "ci": "none",
}


def _publish(path: Path, *branches: str) -> None:
    """Give a repository a remote, by a relative path, that has it on several branches."""
    commit(path)
    git.run(path, "branch", "--move", "--force", "main")
    git.run(path.parent, "clone", "--quiet", "--bare", path.name, f"{path.name}.git")
    git.run(path, "remote", "add", "origin", f"../{path.name}.git")
    for branch in ("main", *branches):
        git.run(path, "push", "--quiet", "origin", f"main:refs/heads/{branch}")


@pytest.fixture
def run(_own_git: None, tmp_path: Path, command: Command) -> Callable[..., tuple[int, str]]:
    """Run a command in the team's repository; both have what the remotes have then."""
    fleet, own = tmp_path / "fleet", tmp_path / "checkout"
    data = [part for key, value in _ANSWERS.items() for part in ("--data", f"{key}={value}")]
    assert main(["new", str(fleet), "--defaults", *data]) == 0
    address = "team_repository_url=https://git.example.com/checkout/applications.git"
    assert main(["add", "team", "checkout", "--data", address, "--repository", str(fleet)]) == 0
    assert main(["new", str(own), "--fleet", str(fleet), "--team", "checkout"]) == 0
    for name in ("payments", "search"):
        assert main(["add", "app", name, "--repository", str(own)]) == 0
    _publish(fleet)
    _publish(own, "env/dev", "env/production")

    def run(*arguments: str) -> tuple[int, str]:
        name = ("--repository",) if arguments[0] not in ("report", "diff") else ("--root",) * (arguments[0] == "diff")
        result = command(*arguments, *name, own)
        git.run(own, "fetch", "--quiet")
        git.run(fleet, "pull", "--quiet", "--ff-only", "origin", "main")
        return result.code, result.out + result.err

    return run


def test_a_release_a_promotion_and_the_way_back(run: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    fleet, own = tmp_path / "fleet", tmp_path / "checkout"
    pinned = ("--fleet", str(fleet))

    def tip(branch: str) -> str:
        return git.run(own, "rev-parse", f"origin/{branch}").strip()

    def declared(*arguments: str) -> str:
        page = run("report", "--format", "markdown", *arguments)[1]
        return next(line for line in page.splitlines() if line.startswith("| checkout | payments |"))

    assert declared(*pinned).endswith("| - (manual) |"), "nothing is released yet"
    first = tip("env/production")
    assert run("promote", "--all", "--to", "production", *pinned, "--push")[0] == 0
    assert (fleet / _PIN).read_text().count(f'commit: "{first}"') == 2
    assert run("bump", f"{_IMAGE}:1.1.0", "-e", "dev", "--push")[0] == 0
    code, said = run("promote", "payments", "--to", "production", "--push")
    elsewhere = f"what production runs, a pin in {_FLEET} says; --fleet PATH moves it\n"
    assert (code, said.endswith(elsewhere), "everything already" in said) == (0, True, False)
    code, said = run("rollback", "payments", "-e", "production", "--reason", "errors", "--push")
    fact = f"what 'production' runs, a pin in {_FLEET} says"
    assert (code, fact in said) == (2, True), "its own files are not what runs"
    assert run("promote", "payments", "--to", "production", *pinned, "--push")[0] == 0
    promoted = tip("env/production")
    assert (fleet / _PIN).read_text().count(f'commit: "{promoted}"') == 2
    assert "1.1.0 since " in declared(*pinned).rpartition("|")[0].rpartition("|")[2]
    assert run("rollback", "payments", "-e", "production", "--reason", "errors", *pinned, "--push")[0] == 0
    assert (fleet / _PIN).read_text().count(f'commit: "{first}"') == 2
    held = git.run(own, "show", "--format=", "--name-only", "origin/env/production").split()
    assert held == ["apps/payments/overlays/production/.hold"], "the hold stands where the overlay does"
    assert " 1.0.0 since " in declared(*pinned).rpartition("|")[0].rpartition("|")[2]
    assert run("promote", "payments", "--to", "production", *pinned, "--push")[0] == 1


def test_without_the_fleet_what_waits_for_its_pin_is_said(
    run: Callable[..., tuple[int, str]], tmp_path: Path, command: Command
) -> None:
    assert command("validate", tmp_path / "checkout").err.startswith("0 findings in "), "what the fleet has is no miss"
    own = tmp_path / "checkout"
    git.run(own, "switch", "--quiet", "env/production")
    overlay = own / "apps/payments/overlays/production/kustomization.yaml"
    overlay.write_text(overlay.read_text().replace("1.0.0", "1.1.0"))
    code, said = run("diff")
    assert (code, f"(production, gate manual, waits for a move of the pin in {_FLEET})" in said) == (0, True)
    said = command("inventory", own).err
    assert f"production is shown as the files at hand have it: its pin stands in {_FLEET}" in said
