"""What other repositories take from here: the action, the component and the hook do what they say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from checking import write
from running import commit

import scaffold
from scaffold import git

_ROOT = Path(__file__).parent.parent
_PROGRAMS = Path(sys.executable).parent
_ACTION = _ROOT / ".ci/validate/action.yml"
_COMPONENT = _ROOT / "templates/validate.yml"
_TREE = """
# base/kustomization.yaml
resources:
  - config.yaml
# base/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
# dev/kustomization.yaml
resources:
  - ../base
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = write(tmp_path / "repository", _TREE)
    git.run(root, "init", "--quiet")
    return root


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "PATH": f"{_PROGRAMS}:{os.environ['PATH']}", "PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}


def _bash(script: str, where: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = ("bash", "-e", "-c", script)
    return subprocess.run(command, cwd=where, env=environment, check=False, capture_output=True, text=True, timeout=120)


def _break(repository: Path) -> None:
    (repository / "dev/kustomization.yaml").write_text("resources:\n  - ../bsae\n")


def _version(inputs: dict[str, Any]) -> str:
    default: str = inputs["version"]["default"]
    return default


def test_the_action_runs_what_it_is_told(repository: Path, environment: dict[str, str]) -> None:
    action = yaml.safe_load(_ACTION.read_text())
    *_, step = action["runs"]["steps"]
    given = {"DIRECTORY": ".", "OPTIONS": "--profile=security\n--no-cache\n", "SARIF": "results.sarif"}
    assert set(step["env"]) == set(given)
    assert _bash(step["run"], repository, {**environment, **given}).returncode == 0
    _break(repository)
    done = _bash(step["run"], repository, {**environment, **given})
    assert (done.returncode, done.stdout.partition(" ")[0]) == (1, "::error")
    assert '"missing-resource"' in (repository / "results.sarif").read_text()
    assert _version(action["inputs"]) == scaffold.__version__


def test_the_component_runs_what_it_is_told(repository: Path, environment: dict[str, str]) -> None:
    head, jobs = yaml.safe_load_all(_COMPONENT.read_text())
    (job,) = jobs.values()
    script = "\n".join(line for line in job["script"] if not line.startswith("pip "))
    given = {"DIRECTORY": ".", "OPTIONS": "--profile=security --no-cache"}
    assert set(job["variables"]) == set(given)
    assert _bash(script, repository, {**environment, **given}).returncode == 0
    _break(repository)
    assert _bash(script, repository, {**environment, **given}).returncode == 1
    assert "missing-resource" in (repository / job["artifacts"]["reports"]["codequality"]).read_text()
    assert _version(head["spec"]["inputs"]) == scaffold.__version__


def test_the_action_is_well_formed() -> None:
    schema = (_PROGRAMS / "check-jsonschema", "--builtin-schema", "vendor.github-actions", _ACTION)
    assert subprocess.run(schema, check=False, capture_output=True, timeout=120).returncode == 0
    audit = (_PROGRAMS / "zizmor", "--offline", "--quiet", "--persona=auditor", _ACTION)
    done = subprocess.run(audit, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def hooked(repository: Path, tmp_path: Path) -> Path:
    """A repository with the hook, as pre-commit takes it from a clone of this project; the program is the one here."""
    project = tmp_path / "project"
    project.mkdir()
    (project / ".pre-commit-hooks.yaml").write_text((_ROOT / ".pre-commit-hooks.yaml").read_text())
    git.run(project, "init", "--quiet")
    commit(project)
    revision = git.run(project, "rev-parse", "HEAD").strip()
    hook = {"id": "gitops-scaffold-validate", "language": "system"}
    settings = {"repos": [{"repo": str(project), "rev": revision, "hooks": [hook]}]}
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(settings))
    commit(repository)
    return repository


def _pre_commit(repository: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    git.run(repository, "add", "--all")
    return _bash("pre-commit run --verbose", repository, environment)


def test_the_hook_sees_what_is_committed(hooked: Path, environment: dict[str, str]) -> None:
    (hooked / "dev/settings.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: more\n")
    (hooked / "dev/kustomization.yaml").write_text("resources:\n  - ../base\n  - settings.yaml\n")
    done = _pre_commit(hooked, environment)
    assert (done.returncode, "1 overlay with 2 objects checked" in done.stdout) == (0, True), done.stdout
    _break(hooked)
    done = _pre_commit(hooked, environment)
    assert (done.returncode, "[missing-resource]" in done.stdout) == (1, True), done.stdout


def test_the_hook_sees_that_only_something_was_deleted(hooked: Path, environment: dict[str, str]) -> None:
    (hooked / "base/config.yaml").unlink()
    done = _pre_commit(hooked, environment)
    assert (done.returncode, "[missing-resource]" in done.stdout) == (1, True), done.stdout
