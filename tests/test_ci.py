"""What the template writes for CI is well-formed, asks for no more than it needs, and does what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from running import commit

from scaffold import git
from scaffold.cli import main

PROGRAMS = Path(sys.executable).parent
# It writes down what it was called with, and knows of no request.
_GH = '#!/bin/sh\n[ "$2" = list ] && { echo 0; exit; }\nprintf "%s\\n" "$@" >> "$CALLS"\n'
_SIGNED = "signing_keys=0123456789ABCDEF"
_IMAGE = "registry.example.com/checkout/payments:1.4.2"


def _fleet(directory: Path, *answers: str) -> Path:
    data = [part for answer in ("image_updates=ci", *answers) for part in ("--data", answer)]
    assert main(["new", str(directory), "--defaults", *data]) == 0
    return directory


@pytest.fixture(scope="module")
def fleets(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A fleet for each forge, with a team and an application, its remote beside it; and what its CI is."""
    top = tmp_path_factory.mktemp("fleets")
    made = {name: _fleet(top / name, f"ci={name}") for name in ("github", "gitlab")}
    for tree in made.values():
        for layer in (("team", "checkout"), ("app", "payments", "--team", "checkout")):
            assert main(["add", *layer, "--repository", str(tree)]) == 0
        commit(tree)
    return made | {"signed": _fleet(top / "signed", "ci=github", _SIGNED)}


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a job: a Git configuration of its own, our command, and something in the place of `gh`."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/gh").write_text(_GH)
    (tmp_path / "bin/gh").chmod(0o755)
    shutil.copy(os.environ["GIT_CONFIG_GLOBAL"], tmp_path / "gitconfig")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    paths = (str(tmp_path / "bin"), str(PROGRAMS), os.environ["PATH"])
    return {**os.environ, "PATH": ":".join(paths), "CALLS": str(tmp_path / "calls"), "RUNNER_TEMP": str(tmp_path)}


def _bash(script: str, where: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = ("bash", "-e", "-c", script)
    return subprocess.run(command, cwd=where, env=environment, check=False, capture_output=True, text=True, timeout=120)


def _source(directory: Path) -> Path:
    """What an image is built from, checked out as CI does: with a token in the address."""
    git.run(directory, "init", "--quiet", "source")
    git.run(directory / "source", "commit", "--quiet", "--allow-empty", "--message", "Pay faster")
    origin = "https://ci-token:s3cret@git.example.com/checkout/payments.git"
    git.run(directory / "source", "remote", "add", "origin", origin)
    return directory / "source"


Job = Callable[..., subprocess.CompletedProcess[str]]


def _remote(tree: Path, directory: Path) -> Path:
    git.run(directory, "clone", "--quiet", "--bare", str(tree), "remote.git")
    return directory / "remote.git"


@pytest.fixture
def github(fleets: dict[str, Path], environment: dict[str, str], tmp_path: Path) -> Job:
    """Run the step that writes, in checkouts as the workflow makes them."""
    _source(tmp_path)
    git.run(tmp_path, "clone", "--quiet", str(_remote(fleets["github"], tmp_path)), "fleet")
    workflow = yaml.safe_load((fleets["github"] / ".github/workflows/image-update.yaml").read_text())
    (job,) = workflow["jobs"].values()
    script = job["steps"][-1]["run"]

    def run(**inputs: str) -> subprocess.CompletedProcess[str]:
        given = {"IMAGE": _IMAGE, "APP": "", "PULL_REQUEST": "false", **inputs}
        return _bash(script, tmp_path / "fleet", environment | given)

    return run


@pytest.fixture
def gitlab(fleets: dict[str, Path], environment: dict[str, str], tmp_path: Path) -> Job:
    """Run the job that writes, but for the line that installs us; the remote is where the address leads."""
    job: dict[str, Any] = yaml.safe_load((fleets["gitlab"] / ".gitlab/image-update.gitlab-ci.yml").read_text())
    (hidden,) = job.values()
    script = "\n".join(line for line in hidden["script"] if not line.startswith("pip "))
    remote = _remote(fleets["gitlab"], tmp_path)
    git.run(remote, "config", "receive.advertisePushOptions", "true")
    git.run(tmp_path, "config", "--global", f"url.{remote}.insteadOf", "https://git.example.com/platform/fleet.git")
    source = str(_source(tmp_path))

    def run(**variables: str) -> subprocess.CompletedProcess[str]:
        given = {**hidden["variables"], "IMAGE": _IMAGE, "CI_PROJECT_DIR": source, **variables}
        return _bash(script, Path(source), environment | given)

    return run


_OVERLAY = "apps/checkout/payments/overlays/{}/kustomization.yaml"


def _says(tmp_path: Path, branch: str, environment: str) -> bool:
    shown = git.run(tmp_path / "remote.git", "show", f"{branch}:{_OVERLAY.format(environment)}")
    return 'newTag: "1.4.2"' in shown or "newTag: 1.4.2" in shown


def test_on_github_an_automatic_environment_gets_a_commit(github: Job, tmp_path: Path) -> None:
    done = github(ENVIRONMENT="dev")
    assert done.returncode == 0, done.stderr
    assert _says(tmp_path, "main", "dev")
    assert not (tmp_path / "calls").exists()


def test_no_token_of_the_checkout_gets_into_the_commit(github: Job, tmp_path: Path) -> None:
    assert github(ENVIRONMENT="dev").returncode == 0
    message = git.run(tmp_path / "remote.git", "log", "-1", "--format=%B", "main")
    assert "repourl: https://git.example.com/checkout/payments.git" in message
    assert "s3cret" not in message


def test_on_github_a_gated_environment_gets_a_pull_request(github: Job, tmp_path: Path) -> None:
    done = github(ENVIRONMENT="production", APP="checkout/payments")
    assert done.returncode == 0, done.stderr
    head = "bump/production/checkout-payments"
    assert (_says(tmp_path, head, "production"), _says(tmp_path, "main", "production")) == (True, False)
    asked = (tmp_path / "calls").read_text()
    assert asked.startswith(f"pr\ncreate\n--base\nmain\n--head\n{head}\n--title\n")
    assert "1.4.2" in asked
    # a second run has nothing new, and asks for nothing
    assert github(ENVIRONMENT="production").returncode == 0
    assert (tmp_path / "calls").read_text() == asked


def test_on_gitlab_an_automatic_environment_gets_a_commit(gitlab: Job, tmp_path: Path) -> None:
    done = gitlab(ENVIRONMENT="dev", APP="payments")
    assert done.returncode == 0, done.stderr
    assert _says(tmp_path, "main", "dev")


@pytest.mark.parametrize("variables", [{"ENVIRONMENT": "production"}, {"ENVIRONMENT": "dev", "MERGE_REQUEST": "true"}])
def test_on_gitlab_a_merge_request_is_opened_by_the_push(
    gitlab: Job, tmp_path: Path, variables: dict[str, str]
) -> None:
    done = gitlab(**variables)
    assert done.returncode == 0, done.stderr
    name = variables["ENVIRONMENT"]
    assert _says(tmp_path, f"bump/{name}/checkout-payments", name)
    assert not _says(tmp_path, "main", name)


def test_the_jobs_are_well_formed(fleets: dict[str, Path]) -> None:
    workflows = [path for name in ("github", "signed") for path in (fleets[name] / ".github/workflows").iterdir()]
    assert len(workflows) == 4
    _check("vendor.github-workflows", *workflows)
    _check(
        "vendor.gitlab-ci", fleets["gitlab"] / ".gitlab-ci.yml", fleets["gitlab"] / ".gitlab/image-update.gitlab-ci.yml"
    )
    _check("vendor.renovate", *(tree / "renovate.json" for tree in fleets.values()))
    audit: tuple[str | Path, ...] = (PROGRAMS / "zizmor", "--offline", "--quiet", "--persona=auditor", *workflows)
    done = subprocess.run(audit, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def _check(schema: str, *paths: Path) -> None:
    command: tuple[str | Path, ...] = (PROGRAMS / "check-jsonschema", "--builtin-schema", schema, *paths)
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A GnuPG home with one key, which Git signs with."""
    if not shutil.which("gpg"):
        pytest.skip("gpg is not there; Debian has it in the package gnupg")
    home = tmp_path / "gnupg"
    home.mkdir(0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    _gpg("--quick-gen-key", "Example <example@example.com>", "ed25519", "sign", "never")
    yield home
    subprocess.run(("gpgconf", "--kill", "all"), check=True, timeout=60)


def _gpg(*arguments: str) -> str:
    command = ("gpg", "--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback", *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.fixture
def signed(keyring: Path, fleets: dict[str, Path], environment: dict[str, str], tmp_path: Path) -> Callable[[], Any]:
    """Judge the commits of a pull request after the first commit, which brings the keys."""
    tree = Path(shutil.copytree(fleets["signed"], tmp_path / "tree"))
    (tree / "signing-keys/0123456789ABCDEF.asc").write_text(_gpg("--armor", "--export"))
    commit(tree)
    base = git.run(tree, "rev-parse", "HEAD").strip()
    workflow = yaml.safe_load((tree / ".github/workflows/validate.yaml").read_text())
    script = workflow["jobs"]["signatures"]["steps"][-1]["run"]
    return lambda: _bash(script, tree, environment | {"BASE": base})


def _commit(tmp_path: Path, *options: str) -> None:
    git.run(tmp_path / "tree", "commit", "--quiet", "--allow-empty", "--message", "A change", *options)


def test_signed_commits_pass(signed: Callable[[], Any], tmp_path: Path) -> None:
    _commit(tmp_path, "--gpg-sign")
    _commit(tmp_path, "--gpg-sign")
    done = signed()
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_commit_without_a_signature_is_named(signed: Callable[[], Any], tmp_path: Path) -> None:
    _commit(tmp_path)
    _commit(tmp_path, "--gpg-sign")
    done = signed()
    assert done.returncode == 1
    assert "of Example is not signed with one of these keys" in done.stdout


def test_a_key_counts_only_once_it_is_merged(signed: Callable[[], Any], tmp_path: Path) -> None:
    _gpg("--quick-gen-key", "Mallory <mallory@example.com>", "ed25519", "sign", "never")
    (tmp_path / "tree/signing-keys/FEDCBA9876543210.asc").write_text(_gpg("--armor", "--export", "mallory@example.com"))
    git.run(tmp_path / "tree", "add", "--all")
    _commit(tmp_path, "--gpg-sign=mallory@example.com")
    assert signed().returncode == 1
