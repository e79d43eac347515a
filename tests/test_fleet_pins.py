"""A team's own repository whose environments have branches, and the fleet's pins: each commit goes where it belongs."""

from __future__ import annotations

import re
import shutil
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


Run = Callable[..., tuple[int, str]]


def _publish(path: Path, *branches: str) -> None:
    """Give a repository a remote, by a relative path, that has it on several branches."""
    commit(path)
    git.run(path, "branch", "--move", "--force", "main")
    git.run(path.parent, "clone", "--quiet", "--bare", path.name, f"{path.name}.git")
    git.run(path, "remote", "add", "origin", f"../{path.name}.git")
    for branch in ("main", *branches):
        git.run(path, "push", "--quiet", "origin", f"main:refs/heads/{branch}")


@pytest.fixture(scope="module")
def _both(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with both repositories and their remotes."""
    path = tmp_path_factory.mktemp("both")
    fleet, own = path / "fleet", path / "checkout"
    data = [part for key, value in _ANSWERS.items() for part in ("--data", f"{key}={value}")]
    assert main(["new", str(fleet), "--defaults", *data]) == 0
    address = "team_repository_url=https://git.example.com/checkout/applications.git"
    assert main(["add", "team", "checkout", "--data", address, "--repository", str(fleet)]) == 0
    assert main(["new", str(own), "--fleet", str(fleet), "--team", "checkout"]) == 0
    assert main(["add", "app", "payments", "--repository", str(own)]) == 0
    _publish(fleet)
    _publish(own, "env/dev", "env/production")
    return path


@pytest.fixture
def both(_both: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(_both, tmp_path / "both"))


@pytest.fixture
def run(both: Path, command: Command) -> Run:
    """Run a command in the team's repository; both have what the remotes have then."""

    def run(*arguments: str) -> tuple[int, str]:
        result = command(*arguments, "--repository", both / "checkout")
        git.run(both / "checkout", "fetch", "--quiet")
        git.run(both / "fleet", "pull", "--quiet", "--ff-only", "origin", "main")
        return result.code, result.out + result.err

    return run


def test_a_release_a_promotion_and_the_way_back(run: Run, both: Path, command: Command) -> None:
    fleet, own = both / "fleet", both / "checkout"
    pinned = ("--fleet", str(fleet))

    def tip(branch: str) -> str:
        return git.run(own, "rev-parse", f"origin/{branch}").strip()

    def released() -> str:
        (found,) = {line.strip() for line in (fleet / _PIN).read_text().splitlines() if "commit:" in line}
        return found.removeprefix("commit: ").strip('"')

    first = tip("env/production")
    assert run("promote", "--all", "--to", "production", *pinned, "--push")[0] == 0
    assert released() == first
    assert run("bump", f"{_IMAGE}:1.1.0", "-e", "dev", "--push")[0] == 0
    code, said = run("promote", "payments", "--to", "production", "--push")
    elsewhere = f"what production runs, a pin in {_FLEET} says; --fleet PATH moves it\n"
    assert (code, said.endswith(elsewhere), "everything already" in said) == (0, True, False)
    code, said = run("rollback", "payments", "-e", "production", "--reason", "errors", "--push")
    fact = f"what 'production' runs, a pin in {_FLEET} says"
    assert (code, fact in said) == (2, True), "its own files are not what runs"
    assert run("promote", "payments", "--to", "production", *pinned, "--push")[0] == 0
    assert released() == tip("env/production") != first
    assert run("rollback", "payments", "-e", "production", "--reason", "errors", *pinned, "--push")[0] == 0
    assert released() == first
    held = git.run(own, "show", "--format=", "--name-only", "origin/env/production").split()
    assert held == ["apps/payments/overlays/production/.hold"], "the hold stands where the overlay does"
    page = command("report", own, "--format", "markdown", *pinned).out
    row = next(line for line in page.splitlines() if line.startswith("| checkout | payments |"))
    assert re.fullmatch(r"\| checkout \| payments \| 1.1.0 since \S+ \| 1.0.0 since \S+ \(manual, behind\) \|", row)
    assert run("promote", "payments", "--to", "production", *pinned, "--push")[0] == 1


def test_what_was_never_released_is_declared_nowhere(both: Path, command: Command) -> None:
    page = command("report", both / "checkout", "--format", "markdown", "--fleet", both / "fleet").out
    assert re.search(r"^\| checkout \| payments \| 1.0.0 since \S+ \| - \(manual\) \|$", page, re.MULTILINE)


def test_without_the_fleet_what_waits_for_its_pin_is_said(both: Path, command: Command) -> None:
    own = both / "checkout"
    assert command("validate", own).err.startswith("0 findings in "), "what the fleet has is no miss"
    git.run(own, "switch", "--quiet", "env/production")
    overlay = own / "apps/payments/overlays/production/kustomization.yaml"
    overlay.write_text(overlay.read_text().replace("1.0.0", "1.1.0"))
    result = command("diff", "--root", own)
    assert f"(production, gate manual, waits for a move of the pin in {_FLEET})" in result.out
    said = command("inventory", own).err
    assert f"production is shown as the files at hand have it: its pin stands in {_FLEET}" in said
