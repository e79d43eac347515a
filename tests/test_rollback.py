"""`rollback`: one application goes back, its neighbours in the same commit stay, and nobody brings it on meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Command, commit, files, status

from scaffold import git

_IMAGE = "registry.example.com/checkout/payments"
_APPS = "apps/checkout"
_LIVE = f"{_APPS}/payments/overlays/production"


@pytest.fixture
def fleet_of_two(command: Command, fleet: Path) -> Path:
    """The fleet with a second application; one commit brought both of production from 1.0.0 to 1.1.0."""
    assert command("add", "app", "search", "--team", "checkout", "--repository", fleet).code == 0
    commit(fleet)
    for name in ("payments", "search"):
        _replace(fleet / _APPS / name / "overlays/production/kustomization.yaml", "1.0.0", "1.1.0")
    git.run(fleet, "commit", "--quiet", "--all", "-m", "Release both")
    return fleet


def _replace(path: Path, old: str, new: str) -> None:
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def _rollback(command: Command, root: Path, *arguments: str) -> tuple[int, str, str]:
    given = ("-e", "production", "--reason", "errors at checkout", *arguments)
    return command("rollback", "payments", *given, "--repository", root)


def _held(path: Path) -> str:
    return path.read_text().partition("until: ")[2].partition("\n")[0].strip('"')


def test_one_of_two_applications_of_a_commit(command: Command, fleet_of_two: Path) -> None:
    first, second = git.run(fleet_of_two, "log", "-2", "--format=%h %cs", "--abbrev=12").splitlines()
    code, out, err = _rollback(command, fleet_of_two)
    assert (code, out) == (
        0,
        f"{_LIVE} as in {second} A state\n{_IMAGE}: 1.1.0 -> 1.0.0\ntakes back {first} Release both\n",
    )
    assert err.splitlines()[-2:] == [
        f"{_LIVE} renders as in {second.split()[0]}",
        "next: gitops-scaffold validate, then commit",
    ]
    assert status(fleet_of_two) == [f" M {_LIVE}/kustomization.yaml", f"?? {_LIVE}/.hold"]
    assert 'newTag: "1.0.0"' in (fleet_of_two / _LIVE / "kustomization.yaml").read_text()
    assert command("validate", fleet_of_two).code == 0


def test_held_until_it_is_released(command: Command, fleet_of_two: Path) -> None:
    _rollback(command, fleet_of_two)
    commit(fleet_of_two)
    until = _held(fleet_of_two / _LIVE / ".hold")
    bump = ("bump", f"{_IMAGE}:1.2.0", "-e", "production", "--repository", fleet_of_two)
    fact = f"{_LIVE} is held until {until} by Example: errors at checkout"
    held = f"{fact}; wait, or end that with 'gitops-scaffold hold release'"
    assert command(*bump) == (1, "", f"gitops-scaffold: refused: {held}\n")
    _replace(fleet_of_two / _APPS / "payments/overlays/staging/kustomization.yaml", "1.0.0", "1.1.0")
    promote = ("promote", "payments", "--to", "production", "--repository", fleet_of_two)
    assert command(*promote) == (1, "", f"gitops-scaffold: refused: {held}\n")
    everything = command("promote", "--all", "--to", "production", "--repository", fleet_of_two)
    assert everything.err.startswith(f"checkout/payments stays: {_LIVE} is held until")
    listed = command("hold", "list", "--repository", fleet_of_two)
    assert listed == (0, f"{_LIVE}: until {until} by Example: errors at checkout\n", "holds: 1\n")
    released = command("hold", "release", "payments", "-e", "production", "--repository", fleet_of_two)
    assert (released.code, (fleet_of_two / _LIVE / ".hold").exists()) == (0, False)
    assert command(*promote).code == 0
    assert command("hold", "release", "payments", "-e", "production", "--repository", fleet_of_two).code == 2


def test_pushed_commit_says_why(command: Command, fleet_of_two: Path, tmp_path: Path) -> None:
    git.run(tmp_path, "clone", "--quiet", "--bare", str(fleet_of_two), "remote.git")
    remote = tmp_path / "remote.git"
    git.run(tmp_path, "clone", "--quiet", "remote.git", "clone")
    assert _rollback(command, tmp_path / "clone", "--push")[0] == 0
    assert git.run(remote, "show", "--name-only", "--format=", "main").split() == [
        f"{_LIVE}/.hold",
        f"{_LIVE}/kustomization.yaml",
    ]
    message = git.run(remote, "log", "-1", "--format=%B", "main")
    target = git.run(remote, "rev-parse", "main~2").strip()
    assert message.startswith(f"Roll back checkout/payments in production to {target[:12]}\n\nerrors at checkout\n\n")
    assert f"\nRolled-back-to: {target}\nEnvironment: production\nRolled-back-from: " in message
    released = ("hold", "release", "payments", "-e", "production", "--push", "--repository", tmp_path / "clone")
    assert command(*released).code == 0
    assert git.run(remote, "show", "--name-status", "--format=%s", "main").split("\n\n") == [
        "Release checkout/payments in production",
        f"D\t{_LIVE}/.hold\n",
    ]
    assert status(tmp_path / "clone") == []


def test_again_goes_further_back(command: Command, fleet_of_two: Path) -> None:
    overlay = fleet_of_two / _LIVE / "kustomization.yaml"
    _replace(overlay, "1.1.0", "1.2.0")
    commit(fleet_of_two)
    for expected in ("1.1.0", "1.0.0"):
        git.run(fleet_of_two, "clone", "--quiet", "--bare", ".", f"{fleet_of_two}-{expected}.git")
        git.run(fleet_of_two, "remote", "add", expected, f"{fleet_of_two}-{expected}.git")
        assert _rollback(command, fleet_of_two, "--push", "--remote", expected)[0] == 0
        git.run(fleet_of_two, "pull", "--quiet", expected, "main")
        assert f'newTag: "{expected}"' in overlay.read_text()


def test_through_a_merge(command: Command, fleet_of_two: Path) -> None:
    overlay = fleet_of_two / _LIVE / "kustomization.yaml"
    git.run(fleet_of_two, "switch", "--quiet", "-c", "change")
    for old, new in (("1.1.0", "1.2.0-rc.1"), ("1.2.0-rc.1", "1.2.0")):
        _replace(overlay, old, new)
        commit(fleet_of_two)
    git.run(fleet_of_two, "switch", "--quiet", "main")
    (fleet_of_two / "note.md").write_text("# Another change\n")
    commit(fleet_of_two)
    git.run(fleet_of_two, "merge", "--quiet", "--no-ff", "-m", "Merge the change", "change")
    _, out, _ = _rollback(command, fleet_of_two)
    assert 'newTag: "1.1.0"' in overlay.read_text()
    assert [line.split(" ", 4)[4] for line in out.splitlines() if line.startswith("takes back")] == ["Merge the change"]


def test_to_a_version(command: Command, fleet_of_two: Path) -> None:
    overlay = fleet_of_two / _LIVE / "kustomization.yaml"
    for old, new in (("1.1.0", "1.2.0"), ("1.2.0", "1.3.0")):
        _replace(overlay, old, new)
        commit(fleet_of_two)
    assert _rollback(command, fleet_of_two, "--to", "1.1.0", "--hold", "0")[0] == 0
    assert status(fleet_of_two) == [f" M {_LIVE}/kustomization.yaml"]
    assert 'newTag: "1.1.0"' in overlay.read_text()
    git.run(fleet_of_two, "checkout", "--quiet", ".")
    code, _, err = _rollback(command, fleet_of_two, "--to", "9.9.9")
    fact = f"'9.9.9' is no commit, and no state of {_LIVE} holds it"
    assert (code, err) == (2, f"gitops-scaffold: error: {fact}; look with 'git log {_LIVE}'\n")


def test_cause_in_the_base(command: Command, fleet_of_two: Path) -> None:
    base = fleet_of_two / _APPS / "payments/base/deployment.yaml"
    _replace(base, "revisionHistoryLimit: 3", "revisionHistoryLimit: 0")
    git.run(fleet_of_two, "commit", "--quiet", "--all", "-m", "Keep no history")
    before = command("render", f"{_APPS}/payments/overlays/production", "--root", fleet_of_two).out
    code, _, err = _rollback(command, fleet_of_two)
    assert code == 1
    overlays = f"{_APPS}/payments/overlays"
    assert f"is in what it shares, {_APPS}/payments/base/deployment.yaml by " in err
    assert f"reverting it there also changes {overlays}/dev, {overlays}/staging; --pin gives production alone" in err
    assert status(fleet_of_two) == []
    code, _, err = _rollback(command, fleet_of_two, "--pin")
    assert (code, f"{_LIVE} renders as in " in err) == (0, True)
    assert all(line[3:].startswith(f"{_LIVE}/") for line in status(fleet_of_two))
    after = command("render", f"{_APPS}/payments/overlays/production", "--root", fleet_of_two).out
    assert after == before.replace("revisionHistoryLimit: 0", "revisionHistoryLimit: 3")


def test_base_that_stays_is_named(command: Command, fleet_of_two: Path) -> None:
    _replace(
        fleet_of_two / _APPS / "payments/base/deployment.yaml", "revisionHistoryLimit: 3", "revisionHistoryLimit: 0"
    )
    _replace(fleet_of_two / _LIVE / "kustomization.yaml", "1.1.0", "1.2.0")
    commit(fleet_of_two)
    code, _, err = _rollback(command, fleet_of_two)
    said = f"{_APPS}/payments/base/deployment.yaml changed since and stays, so {_LIVE} renders otherwise than then"
    assert (code, said in err.splitlines()) == (0, True)


def test_uncommitted_changes_are_kept(command: Command, fleet_of_two: Path) -> None:
    _replace(fleet_of_two / _LIVE / "kustomization.yaml", "1.1.0", "1.5.0")
    before = files(fleet_of_two)
    code, _, err = _rollback(command, fleet_of_two)
    assert (code, err) == (
        2,
        f"gitops-scaffold: error: {_LIVE} has changes that are not committed; commit or remove them first\n",
    )
    assert files(fleet_of_two) == before
