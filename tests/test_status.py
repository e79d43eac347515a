"""`status`: the version of each layer, answers of its own, and what of the template was edited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Command, status

TEAM = Path("teams/checkout/environments/dev")


def test_a_fresh_fleet_has_nothing_to_tell(fleet: Path, command: Command) -> None:
    done = command("status", fleet)
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()] == [
        ".",
        "apps/checkout/payments",
        "clusters/hub",
        "teams/checkout",
    ]
    assert done.err == "4 layers, 0 edited files of the template\n"


def test_edits_of_the_templates_files_are_told_apart_from_ones_own(fleet: Path, command: Command) -> None:
    (fleet / TEAM / "limits.yaml").write_text("# by hand\n" + (fleet / TEAM / "limits.yaml").read_text())
    (fleet / TEAM / "namespace.yaml").unlink()
    (fleet / TEAM / "network-policies.yaml").chmod(0o755)
    (fleet / TEAM / "own.yaml").write_text("a: 1\n")
    (fleet / "CODEOWNERS").write_text("* @example-org/others\n")
    found = json.loads(command("status", fleet, "--json").out)
    assert found["version"] == 1
    edited = {each["path"]: each["edited"] for each in found["layers"] if each["edited"]}
    assert edited == {
        "teams/checkout": [
            {"path": f"{TEAM}/limits.yaml", "state": "changed"},
            {"path": f"{TEAM}/namespace.yaml", "state": "deleted"},
            {"path": f"{TEAM}/network-policies.yaml", "state": "replaced"},
        ]
    }


def test_answers_that_differ_from_the_fleets(fleet: Path, command: Command) -> None:
    path = fleet / "teams/checkout/.copier-answers.yml"
    path.write_text(path.read_text().replace("branch: main", "branch: stable"))
    done = command("status", fleet / "teams/checkout")
    assert '  branch is "stable", in the fleet "main"\n' in done.out
    assert done.out.splitlines()[0].startswith("teams/checkout  v")


@pytest.mark.parametrize("path", ["nowhere", "."])
def test_outside_of_a_repository_it_is_one_line(path: str, command: Command, tmp_path: Path) -> None:
    done = command("status", tmp_path / path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("gitops-scaffold: error: ")
    assert done.err.count("\n") == 1


def test_nothing_is_written(fleet: Path, command: Command) -> None:
    before = status(fleet)
    command("status", fleet)
    assert status(fleet) == before
