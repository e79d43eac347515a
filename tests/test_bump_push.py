"""`bump --push`: nothing is lost when many push at once, nothing goes backwards, and what was built is on record."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from running import Command, commit, status

from scaffold import git

_NAMES = tuple(f"service-{letter}" for letter in "abcdefghijk")
_FILE = "apps/shop/overlays/dev/values.yaml"
_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
spec:
  values:
"""


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare repository with eleven images in the values of one file."""
    tree = tmp_path / "tree"
    (tree / _FILE).parent.mkdir(parents=True)
    kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - values.yaml\n"
    (tree / _FILE).with_name("kustomization.yaml").write_text(kustomization)
    values = "".join(
        f"    {name}: # by team {name}\n        image: {{repository: registry.example.com/{name}, tag: 1.0.0}}\n\n"
        for name in _NAMES
    )
    (tree / _FILE).write_text(_RELEASE + values)
    git.run(tree, "init", "--quiet")
    commit(tree)
    git.run(tmp_path, "clone", "--quiet", "--bare", str(tree), "remote.git")
    return tmp_path / "remote.git"


def _clone(remote: Path, name: str) -> Path:
    git.run(remote.parent, "clone", "--quiet", str(remote), name)
    return remote.parent / name


def _at_once(calls: Sequence[Sequence[str | Path]]) -> list[tuple[int, str]]:
    """Run `gitops-scaffold bump` several times at the same time; exit codes and what was said."""
    programs = [
        subprocess.Popen(
            [sys.executable, "-m", "scaffold", "bump", *map(str, call), "-e", "dev", "--push"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for call in calls
    ]
    said = [program.communicate(timeout=120)[1] for program in programs]
    return [(program.returncode, text) for program, text in zip(programs, said, strict=True)]


def _log(remote: Path, form: str, *paths: str) -> list[str]:
    return git.run(remote, "log", f"--format={form}", "main", "--", *paths).splitlines()


def test_eleven_images_in_one_file_at_once(remote: Path) -> None:
    before = git.run(remote, "show", f"main:{_FILE}")
    calls = [
        (f"registry.example.com/{name}:1.0.{number}", "--repository", _clone(remote, name))
        for number, name in enumerate(_NAMES, 1)
    ]
    assert [code for code, _ in _at_once(calls)] == [0] * 11
    assert sorted(_log(remote, "%s")[:-1]) == sorted(
        f"Bump {name} of shop to 1.0.{number} in dev" for number, name in enumerate(_NAMES, 1)
    )
    numbers = iter(range(1, 12))
    assert git.run(remote, "show", f"main:{_FILE}") == re.sub(
        r"tag: 1\.0\.0", lambda _: f"tag: 1.0.{next(numbers)}", before
    )


def test_eleven_builds_of_one_image_in_any_order(remote: Path) -> None:
    builds = [f"registry.example.com/service-a:1.{number}.0" for number in range(1, 12)]
    random.shuffle(builds)
    done = _at_once([(build, "--repository", _clone(remote, build.rpartition(":")[2])) for build in builds])
    written = [int(subject.split(".")[1]) for subject in _log(remote, "%s")[:-1]][::-1]
    assert written == sorted(written)
    assert written[-1] == 11
    assert sorted(code for code, _ in done) == [0] * len(written) + [1] * (11 - len(written))
    refused = [text for code, text in done if code]
    assert all(text.startswith("gitops-scaffold: refused: ") and text.count("\n") == 1 for text in refused)


def test_commit_says_where_the_build_comes_from(remote: Path, command: Command, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "main.py").write_text("print()\n")
    git.run(source, "init", "--quiet")
    commit(source)
    clone = _clone(remote, "clone")
    built = git.run(source, "log", "-1", "--format=%H").strip()
    image = "registry.example.com/service-b:2.0.0"
    result = command("bump", image, "-e", "dev", "--push", "--source", source, "--repository", clone)
    assert (result.code, status(clone)) == (0, [])
    message = git.run(remote, "log", "-1", "--format=%B", "main")
    assert message.startswith(
        "Bump service-b of shop to 2.0.0 in dev\n\napps/shop/overlays/dev/values.yaml:11: 1.0.0 -> 2.0.0\n\n"
    )
    assert f"\nImage: {image}\nEnvironment: dev\nImage-time: 20" in message
    assert f"\nArgocd-reference-commit-sha: {built}\n" in message
    assert "\nArgocd-reference-commit-author: Example <example@example.com>\n" in message


def test_older_by_the_time_of_its_commit(remote: Path, command: Command) -> None:
    clone = _clone(remote, "clone")
    calls = [("6f0c1d2", "2026-05-02T10:00:00Z"), ("a9e8d7c", "2026-05-01T10:00:00Z"), ("b1b2b3b", "2026-05-03T10:00Z")]
    results = []
    for tag, time in calls:
        image = f"registry.example.com/service-c:{tag}"
        results.append(command("bump", image, "-e", "dev", "--push", "--time", time, "--repository", clone))
    assert [result.code for result in results] == [0, 1, 0]
    assert (
        "dev has 6f0c1d2, built from a commit of 2026-05-02T10:00:00Z, which is newer than 2026-05-01" in results[1].err
    )


def test_what_is_there_already_is_no_commit(remote: Path, command: Command) -> None:
    clone = _clone(remote, "clone")
    result = command("bump", "registry.example.com/service-a:1.0.0", "-e", "dev", "--push", "--repository", clone)
    assert (result.code, result.err) == (0, "dev has registry.example.com/service-a:1.0.0 already\n")
    assert len(_log(remote, "%s")) == 1


def test_pull_request_is_one_branch_an_application(remote: Path, command: Command) -> None:
    clone = _clone(remote, "clone")
    call = ("-e", "dev", "--pull-request", "--forge", "github", "--repository", clone)
    assert command("bump", "registry.example.com/service-a:1.1.0", *call).code == 0
    result = command("bump", "registry.example.com/service-a:1.2.0", *call)
    assert result.code == 0
    assert _log(remote, "%s") == ["A state"]
    assert git.run(remote, "for-each-ref", "--format=%(refname)").split() == [
        "refs/heads/bump/dev/shop",
        "refs/heads/main",
    ]
    assert "bump/dev/shop was pushed before; if a request is open for it, it has this too\n" in result.err
    assert result.out.startswith(
        "gh pr create --base main --head bump/dev/shop --title 'Bump service-a of shop to 1.2.0 in dev' --body "
    )
    assert "tag: 1.2.0" in git.run(remote, "show", f"bump/dev/shop:{_FILE}")


def test_refused_push_leaves_nothing_behind(remote: Path, command: Command) -> None:
    hook = remote / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho the branch is protected >&2\nexit 1\n")
    hook.chmod(0o755)
    clone = _clone(remote, "clone")
    result = command("bump", "registry.example.com/service-a:1.1.0", "-e", "dev", "--push", "--repository", clone)
    assert result.code == 2
    assert "git push to 'origin' failed" in result.err
    assert git.run(clone, "worktree", "list").count("\n") == 1
    assert status(clone) == []
