"""The committed examples are what the commands write today, and our own checks have nothing to say about them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from running import Command, files

import examples

NAMES = sorted(examples.WRITERS)
# Charts that come from a registry, which no test reaches; that Terraform renders; that the fleet beside it deploys.
_ELSEWHERE = "teams/checkout/control-plane/{}/applications.yaml"
NOT_RENDERED = {
    "argocd-multi-repo": [_ELSEWHERE.format("dev"), _ELSEWHERE.format("production")],
    "argocd-multi-repo-checkout": ["apps/search/overlays/dev", "apps/search/overlays/production", "charts/web"],
    "argocd-platform": ["platform/argocd/overlays/hub", "terraform/bootstrap/manifests"],
    "flux-multi-repo": ["clusters/eu-1", "clusters/hub"],
}


def test_every_directory_is_an_example() -> None:
    assert sorted(path.name for path in examples.EXAMPLES.iterdir() if path.is_dir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_what_the_commands_write(name: str, tmp_path: Path) -> None:
    examples.write(name, tmp_path / name)
    written, committed = files(tmp_path / name), files(examples.EXAMPLES / name)
    remedy = "python tests/examples.py writes them anew"
    assert written.keys() == committed.keys(), remedy
    assert [path for path in written if written[path] != committed[path]] == [], remedy


@pytest.mark.parametrize("name", NAMES)
def test_an_example_has_no_finding_and_everything_that_is_here_is_checked(name: str, command: Command) -> None:
    result = command("validate", examples.EXAMPLES / name, "--format", "json", "--no-cache")
    report = json.loads(result.out)
    skipped = [item["path"] for item in report["summary"]["skipped"]]
    assert (result.code, report["findings"], skipped) == (0, [], NOT_RENDERED.get(name, []))
    assert report["summary"]["objects"] > 3


@pytest.mark.parametrize("engine", ["argocd", "flux"])
def test_a_fleet_and_the_repository_of_its_team_are_checked_as_one(engine: str, command: Command) -> None:
    fleet = examples.EXAMPLES / f"{engine}-multi-repo"
    arguments = ("validate", fleet, "--with", f"{fleet}-checkout", "--format", "json", "--no-cache")
    result = command(*arguments)
    report = json.loads(result.out)
    assert (result.code, report["findings"], report["summary"]["skipped"]) == (0, [], [])


@pytest.mark.parametrize("name", NAMES)
def test_an_example_passes_its_own_yamllint(name: str) -> None:
    command = [sys.executable, "-m", "yamllint", "--strict", "."]
    where = examples.EXAMPLES / name
    done = subprocess.run(command, cwd=where, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
