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
import versions
import yaml
from running import commit

from scaffold import git
from scaffold.cli import main

PROGRAMS = Path(sys.executable).parent
# It writes down what it was called with, and knows of no request but the one that a file names.
_GH = """#!/bin/sh
case "$*" in *"--state open"*) cat "$RUNNER_TEMP/open"; exit ;; "pr list"*) echo 0; exit ;; esac
printf '%s\\n' "$@" >> "$CALLS"
"""
_SIGNED = "signing_keys=0123456789ABCDEF"
_IMAGE = "registry.example.com/checkout/payments:1.4.2"


def _fleet(directory: Path, *answers: str) -> Path:
    data = [part for answer in ("image_updates=ci", "renovate=false", *answers) for part in ("--data", answer)]
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
    (tmp_path / "open").touch()
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


@pytest.fixture
def behind(tmp_path: Path) -> Path:
    """A clone of a repository whose template has a newer version that contradicts an edit; the remote beside it."""
    source = versions.write(tmp_path / "template.git")["v1.0.0"]
    layer = {"kind": "team", "team": "checkout", "environments": [{"name": "dev", "cluster": "hub", "gate": "auto"}]}
    versions.generate_into(tmp_path / "generated", source, {"teams/checkout": layer})
    limits = tmp_path / "generated" / _LIMITS.replace("namespaces", "environments")
    limits.write_text(limits.read_text().replace("kind: LimitRange\n", "kind: LimitRange\n# Ours.\n"))
    commit(tmp_path / "generated")
    git.run(tmp_path, "clone", "--quiet", str(_remote(tmp_path / "generated", tmp_path)), "clone")
    return tmp_path / "clone"


_LIMITS = "teams/checkout/namespaces/dev/limits.yaml"


def test_on_github_the_template_is_proposed_in_one_pull_request(
    fleets: dict[str, Path], environment: dict[str, str], behind: Path, tmp_path: Path
) -> None:
    workflow = yaml.safe_load((fleets["github"] / ".github/workflows/template-update.yaml").read_text())
    script = workflow["jobs"]["template-update"]["steps"][-1]["run"]
    environment["GITHUB_REPOSITORY"] = "platform/fleet"
    done = _bash(script, behind, environment)
    assert done.returncode == 0, done.stderr
    asked = (tmp_path / "calls").read_text()
    assert asked.startswith(
        "pr\ncreate\n--base\nmain\n--head\nupdate/template\n--title\nUpdate the template to v2.0.0\n"
    )
    assert f"{_LIMITS}:" in asked
    assert asked.endswith("\n--draft\n")
    # the next run finds that request open
    (tmp_path / "open").write_text("7\n")
    assert _bash(script, behind, environment).returncode == 0
    again = (tmp_path / "calls").read_text().removeprefix(asked)
    assert again.startswith(
        "api\n--silent\n--method\nPATCH\nrepos/platform/fleet/pulls/7\n--raw-field\ntitle=Update the"
    )
    assert again.endswith("\npr\nready\n7\n--undo\n")


def test_on_gitlab_the_template_is_proposed_by_the_push(
    fleets: dict[str, Path], environment: dict[str, str], behind: Path, tmp_path: Path
) -> None:
    pipeline = yaml.safe_load((fleets["gitlab"] / ".gitlab-ci.yml").read_text())
    script = "\n".join(line for line in pipeline["template-update"]["script"] if not line.startswith("pip "))
    remote = tmp_path / "remote.git"
    git.run(remote, "config", "receive.advertisePushOptions", "true")
    (remote / "hooks/pre-receive").write_text("#!/bin/sh\nenv | grep ^GIT_PUSH_OPTION_ > options\n")
    (remote / "hooks/pre-receive").chmod(0o755)
    git.run(tmp_path, "config", "--global", f"url.{remote}.insteadOf", "https://git.example.com/platform/fleet.git")
    done = _bash(script, tmp_path, environment)
    assert done.returncode == 0, done.stderr
    asked = (remote / "options").read_text()
    assert "=merge_request.create\n" in asked
    assert "=merge_request.target=main\n" in asked
    assert "=merge_request.title=Draft: Update the template to v2.0.0\n" in asked
    assert f"{_LIMITS}:" in asked
    assert "<<<<<<< here\n# Ours.\n" in git.run(remote, "show", f"update/template:{_LIMITS}")


def test_the_jobs_are_well_formed(fleets: dict[str, Path]) -> None:
    workflows = [path for name in ("github", "signed") for path in (fleets[name] / ".github/workflows").iterdir()]
    assert len(workflows) == 6
    _check("vendor.github-workflows", *workflows)
    _check(
        "vendor.gitlab-ci", fleets["gitlab"] / ".gitlab-ci.yml", fleets["gitlab"] / ".gitlab/image-update.gitlab-ci.yml"
    )
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
def signed(keyring: Path, fleets: dict[str, Path], environment: dict[str, str], tmp_path: Path) -> Callable[..., Any]:
    """Judge the commits of a pull request after the first commit, which brings the keys."""
    tree = Path(shutil.copytree(fleets["signed"], tmp_path / "tree"))
    (tree / "signing-keys/0123456789ABCDEF.asc").write_text(_gpg("--armor", "--export"))
    commit(tree)
    base = git.run(tree, "rev-parse", "HEAD").strip()
    workflow = yaml.safe_load((tree / ".github/workflows/validate.yaml").read_text())
    script = workflow["jobs"]["signatures"]["steps"][-1]["run"]
    return lambda **told: _bash(script, tree, environment | {"BASE": base} | told)


def _commit(tmp_path: Path, *options: str) -> None:
    git.run(tmp_path / "tree", "commit", "--quiet", "--allow-empty", "--message", "A change", *options)


def test_signed_commits_pass(signed: Callable[[], Any], tmp_path: Path) -> None:
    _commit(tmp_path, "--gpg-sign")
    _commit(tmp_path, "--gpg-sign")
    done = signed()
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_keyring_is_left_on_the_machine(signed: Callable[..., Any], tmp_path: Path) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    _commit(tmp_path)
    for base in ({}, {"BASE": "HEAD"}):  # refused, and nothing to refuse
        signed(TMPDIR=str(temporary), **base)
        assert not list(temporary.iterdir())


def test_a_commit_without_a_signature_is_named(signed: Callable[[], Any], tmp_path: Path) -> None:
    _commit(tmp_path)
    _commit(tmp_path, "--gpg-sign")
    done = signed()
    assert done.returncode == 1
    assert "of Example is not signed with one of these keys" in done.stdout


def test_the_trunk_has_the_keys_where_environments_have_branches(signed: Callable[..., Any], tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    trunk = git.run(tree, "rev-parse", "HEAD").strip()
    git.run(tree, "rm", "--quiet", "signing-keys/0123456789ABCDEF.asc")
    _commit(tmp_path, "--gpg-sign")
    base = git.run(tree, "rev-parse", "HEAD").strip()
    _commit(tmp_path, "--gpg-sign")
    assert "the base branch has no key" in signed(BASE=base).stdout
    done = signed(BASE=base, KEYS=trunk)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_key_counts_only_once_it_is_merged(signed: Callable[[], Any], tmp_path: Path) -> None:
    _gpg("--quick-gen-key", "Mallory <mallory@example.com>", "ed25519", "sign", "never")
    (tmp_path / "tree/signing-keys/FEDCBA9876543210.asc").write_text(_gpg("--armor", "--export", "mallory@example.com"))
    git.run(tmp_path / "tree", "add", "--all")
    _commit(tmp_path, "--gpg-sign=mallory@example.com")
    assert signed().returncode == 1
