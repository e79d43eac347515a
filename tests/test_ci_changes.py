"""What CI says of a pull request: which stage it skips, and what the engine would deploy; the jobs' scripts are run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from running import commit

from scaffold import git
from scaffold.cli import main

# It writes down what it was called with, and knows of one comment where a file says so.
_GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$CALLS"
case "$*" in *--paginate*) cat "$KNOWN" ;; esac
"""
_MARK = "<!-- gitops-scaffold diff -->"


@pytest.fixture(scope="module")
def fleet(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet with one application, on the branch `main`."""
    path = tmp_path_factory.mktemp("ci") / "fleet"
    assert main(["new", str(path), "--defaults"]) == 0
    for layer in (("team", "checkout"), ("app", "payments", "--team", "checkout")):
        assert main(["add", *layer, "--repository", str(path)]) == 0
    commit(path)
    return path


def _script(fleet: Path, job: str, name: str) -> str:
    workflow = yaml.safe_load((fleet / ".github/workflows/validate.yaml").read_text())
    (step,) = (step for step in workflow["jobs"][job]["steps"] if step.get("name") == name)
    return str(step["run"])


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def request_of(fleet: Path, tmp_path: Path) -> Run:
    """Change a file of the application in a clone, and run a script of the job there."""
    git.run(tmp_path, "clone", "--quiet", str(fleet), "clone")
    tree = tmp_path / "clone"
    base = git.run(tree, "rev-parse", "HEAD").strip()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/gh").write_text(_GH)
    (tmp_path / "bin/gh").chmod(0o755)
    (tmp_path / "known").write_text("")
    paths = (str(tmp_path / "bin"), str(Path(sys.executable).parent), os.environ["PATH"])
    environment = os.environ | {
        "PATH": ":".join(paths),
        "CALLS": str(tmp_path / "calls"),
        "KNOWN": str(tmp_path / "known"),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_REPOSITORY": "platform/fleet",
        "BASE": base,
        "NUMBER": "7",
        "MAY_COMMENT": "true",
    }

    def run(script: str, path: str, old: str, new: str, **more: str) -> subprocess.CompletedProcess[str]:
        file = tree / "apps/checkout/payments" / path
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
        commit(tree)
        command = ("bash", "-e", "-c", script)
        return subprocess.run(
            command, cwd=tree, env={**environment, **more}, check=False, capture_output=True, text=True, timeout=120
        )

    return run


_OVERLAY = "overlays/{}/kustomization.yaml"


@pytest.mark.parametrize(("environment", "code"), [("dev", 0), ("production", 1)])
def test_a_skipped_stage_is_refused(fleet: Path, request_of: Run, environment: str, code: int) -> None:
    script = _script(fleet, "validate", "No stage is skipped")
    done = request_of(script, _OVERLAY.format(environment), "1.0.0", "1.1.0")
    assert (done.returncode, "promote it to staging first" in done.stdout) == (code, bool(code))


def test_what_changes_is_written_as_a_comment(fleet: Path, request_of: Run, tmp_path: Path) -> None:
    script = _script(fleet, "changes", "Say what changes")
    done = request_of(script, _OVERLAY.format("dev"), "1.0.0", "1.1.0")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "summary").read_text()
    assert page.startswith(_MARK)
    assert "| dev | checkout/payments | 1 changed | auto |" in page
    _, created = (tmp_path / "calls").read_text().splitlines()
    assert created == f"api --silent repos/platform/fleet/issues/7/comments --field body=@{tmp_path}/changes.md"


def test_the_comment_of_an_earlier_run_is_written_anew(fleet: Path, request_of: Run, tmp_path: Path) -> None:
    (tmp_path / "known").write_text("41\n43\n")
    script = _script(fleet, "changes", "Say what changes")
    assert request_of(script, _OVERLAY.format("dev"), "1.0.0", "1.1.0").returncode == 0
    asked, written = (tmp_path / "calls").read_text().splitlines()
    assert f'startswith("{_MARK}")' in asked
    assert "--method PATCH repos/platform/fleet/issues/comments/41 " in written


def test_a_request_from_a_fork_has_the_page_in_the_summary(fleet: Path, request_of: Run, tmp_path: Path) -> None:
    script = _script(fleet, "changes", "Say what changes")
    done = request_of(script, _OVERLAY.format("dev"), "1.0.0", "1.1.0", MAY_COMMENT="false")
    assert (done.returncode, (tmp_path / "calls").exists()) == (0, False)
    assert (tmp_path / "summary").read_text().startswith(_MARK)


def test_what_is_dangerous_is_said_and_then_fails(fleet: Path, request_of: Run, tmp_path: Path) -> None:
    script = _script(fleet, "changes", "Say what changes")
    selector = "  selector:\n    matchLabels:\n"
    done = request_of(script, "base/deployment.yaml", selector, f"{selector}      tier: web\n")
    assert done.returncode == 1, done.stdout
    assert "selector" in (tmp_path / "summary").read_text()
    assert "body=@" in (tmp_path / "calls").read_text()


def test_on_gitlab_a_page_stands_beside_the_request(request_of: Run, tmp_path: Path) -> None:
    assert main(["new", str(tmp_path / "gitlab"), "--defaults", "--data", "ci=gitlab"]) == 0
    jobs: dict[str, Any] = yaml.safe_load((tmp_path / "gitlab/.gitlab-ci.yml").read_text())
    lines = [line for job in ("validate", "changes") for line in jobs[job]["script"]]
    script = "\n".join(line for line in lines if line.startswith(("if ", "gitops-scaffold diff")))
    done = request_of(script, _OVERLAY.format("dev"), "1.0.0", "1.1.0")
    assert done.returncode == 0, done.stderr
    (page,) = jobs["changes"]["artifacts"]["paths"]
    assert (tmp_path / "clone" / page).read_text().startswith(_MARK)
