"""`new`: a fleet repository from nothing, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import plain
import pytest
from running import Command, files, status

from scaffold import answers, git, template


def test_new_writes_commits_and_says_what_is_next(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "deep/fleet"
    result = command("new", path, "--defaults")
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0] == f"{path}/"
    assert "├── README.md" in lines
    assert lines[-3:] == [f"  cd {path}", "  gitops-scaffold add team checkout", "  gitops-scaffold validate"]
    assert status(path) == []
    assert git.run(path, "log", "--format=%an %s") == "Example Write the fleet repository\n"
    assert git.run(path, "branch", "--show-current") == "main\n"
    assert [entry.name for entry in path.parent.iterdir()] == ["fleet"]


def test_answers_come_from_a_file_and_from_pairs(command: Command, tmp_path: Path) -> None:
    (tmp_path / "answers.yml").write_text("fleet: acme\nbranch: trunk\nenvironments: [lab, eu-1, us-1]\n")
    path = tmp_path / "fleet"
    result = command("new", path, "--answers", tmp_path / "answers.yml", "--data", "fleet=other")
    assert result.code == 0
    recorded = answers.read(path).answers
    assert (recorded["fleet"], recorded["environments"]) == ("other", ["lab", "eu-1", "us-1"])
    assert git.run(path, "branch", "--show-current") == "trunk\n"


def test_every_cluster_gets_its_layer(command: Command, tmp_path: Path) -> None:
    clusters = "[{name: eu-1, server: 'https://eu-1.example.org:6443', kubernetes: '1.35'}, us-1]"
    environments = "[{name: dev}, {name: prod, cluster: eu-1, gate: manual}]"
    path = tmp_path / "fleet"
    assert command("new", path, "-d", f"clusters={clusters}", "-d", f"environments={environments}").code == 0
    layers = {entry.name: answers.read(entry).answers for entry in sorted((path / "clusters").iterdir())}
    assert list(layers) == ["eu-1", "hub", "us-1"]
    eu = layers["eu-1"]
    assert (eu["server"], eu["kubernetes_version"], eu["environments"]) == (
        "https://eu-1.example.org:6443",
        "1.35",
        ["prod"],
    )
    assert layers["hub"]["environments"] == ["dev"]


def test_no_git_leaves_files_only(command: Command, tmp_path: Path) -> None:
    assert command("new", tmp_path / "fleet", "--no-git").code == 0
    assert not (tmp_path / "fleet/.git").exists()


def test_empty_directory_is_taken(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fleet").mkdir()
    assert command("new", tmp_path / "fleet", "--no-git").code == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--data", "flet=acme"], "no question is named 'flet'; did you mean 'fleet'?"),
        (["--data", "fleet"], "'fleet' is no answer; write question=answer"),
        (["--data", "kind=team"], "'new' writes repositories, not kind 'team'; use 'gitops-scaffold add' for that"),
        (["--data", "fleet=Acme Corp"], "fleet 'Acme Corp' is no DNS-1123 label"),
        (["--answers", "absent.yml"], "answers 'absent.yml' cannot be read, No such file or directory"),
    ],
    ids=["unknown-question", "no-answer", "other-kind", "invalid-name", "no-file"],
)
def test_refusal_is_one_line_and_leaves_nothing(
    given: list[str], message: str, command: Command, tmp_path: Path
) -> None:
    result = command("new", tmp_path / "fleet", *given)
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines()[-1].startswith(f"gitops-scaffold: error: {message}")
    assert list(tmp_path.iterdir()) == []


def test_occupied_directory_is_left_alone(command: Command, fleet: Path) -> None:
    before = files(fleet)
    result = command("new", fleet, "--defaults")
    assert (result.code, result.out) == (2, "")
    assert "is not empty; choose another path, or remove what is there" in result.err
    assert files(fleet) == before


def test_same_files_as_copier_by_hand(fleet: Path, tmp_path: Path) -> None:
    """Plain Copier and the recorded answers, byte for byte."""
    for layer in (".", "clusters/hub", "teams/checkout", "apps/checkout/payments"):
        plain.copy(fleet, layer, tmp_path / "by-hand" / layer)
    ours, by_hand = files(fleet), files(tmp_path / "by-hand")
    assert ours.pop("CODEOWNERS") != by_hand.pop("CODEOWNERS"), "the one file that `add team` edits"
    assert ours == by_hand


@pytest.mark.parametrize("layer", ["", "teams/checkout", "apps/checkout/payments"])
def test_copier_update_without_a_change_changes_nothing(layer: str, fleet: Path) -> None:
    plain.update(fleet, layer)
    assert status(fleet) == []


def test_a_checkout_without_a_release_has_a_version_that_never_reads_as_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template, "_CHECKOUT", tmp_path)
    git.run(tmp_path, "init", "--quiet")
    (tmp_path / "copier.yml").touch()
    git.run(tmp_path, "add", ".")
    commit = ""
    while not re.match("[0-9]+[abc]", commit):  # 1234abc is version 1234a0 to whom a tag of that name is shown
        git.run(tmp_path, "commit", "--quiet", "--allow-empty", "--message", f"after {commit}")
        commit = git.run(tmp_path, "rev-parse", "--short", "HEAD").strip()
    version = template.installed().version
    assert re.fullmatch(rf"v0\.0\.0-\d+-g{commit}", version)
    assert git.run(tmp_path, "rev-parse", "--short", version).strip() == commit


def _at_a_terminal(path: Path, keys: bytes) -> tuple[int, str]:
    """Run `new` with a terminal of its own, and press keys whenever it is asked something."""
    ours, theirs = pty.openpty()
    program = [sys.executable, "-m", "scaffold", "new", str(path), "--data", "fleet=asked"]
    screen = b""
    with subprocess.Popen(program, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as process:
        os.close(theirs)
        with contextlib.suppress(OSError):  # Linux answers so when the other side has closed
            while chunk := os.read(ours, 4096):
                screen += chunk
                if b"\x1b[6n" in chunk:  # it asks where the cursor is
                    os.write(ours, b"\x1b[1;1R")
                if b"\xf0\x9f\x8e\xa4" in chunk:  # Copier's sign for a question
                    os.write(ours, keys)
    os.close(ours)
    return process.returncode, screen.decode(errors="replace")


def test_at_a_terminal_it_asks(tmp_path: Path) -> None:
    code, screen = _at_a_terminal(tmp_path / "fleet", b"\r")
    assert code == 0, screen
    assert "Name of the fleet" not in screen, "that answer was given"
    assert "Environments in promotion order" in screen
    assert answers.read(tmp_path / "fleet").answers["fleet"] == "asked"


def test_interrupt_at_a_question_leaves_nothing(tmp_path: Path) -> None:
    code, screen = _at_a_terminal(tmp_path / "fleet", b"\x03")
    assert code == 130, screen
    assert "gitops-scaffold: interrupted" in screen
    assert list(tmp_path.iterdir()) == []


def test_machine_without_a_name_commits_all_the_same(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text("[user]\nuseConfigOnly = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    assert command("new", tmp_path / "fleet").code == 0
    assert git.run(tmp_path / "fleet", "log", "--format=%an") == "gitops-scaffold\n"
