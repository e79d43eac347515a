"""A release says beforehand what it means for repositories, and is made whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from release import texts
from running import commit, status

from scaffold import git
from scaffold.errors import ScaffoldError

ROOT = Path(__file__).parent.parent
_INGREDIENTS = (
    *("scaffold", "templates", "copier.yml", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".gitignore"),
    *(".ci", "tests/release", "tests/examples.py", "tests/readme.py", "tests/rule_pages.py"),
    *("tests/answers/app.yml", "tests/answers/team.yml", "examples/argocd-regions"),
)
_BUDGET = "pod-disruption-budget.yaml"
_OTHERWISE = (r'name: "(\[\[ team \]\]-\{\{ index .path.segments)', r'name: "app-\1')  # generated Applications
_CONSOLE = re.compile(r"^```console\n.*?^```\n", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def project(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with one example and few sets of answers, as a version that is released."""
    directory = tmp_path_factory.mktemp("release") / "project"
    for name in _INGREDIENTS:
        target = directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, target)
    readme = directory / "README.md"
    readme.write_text(_CONSOLE.sub("", readme.read_text()))  # to run those is no part of this
    git.run(directory, "init", "--quiet")
    texts.raise_version(directory, "0.1.0", "2026-01-01")
    commit(directory)
    git.run(directory, "tag", "v0.1.0")
    return directory


@pytest.fixture
def changing(project: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(project, tmp_path / "project", symlinks=True))


def _release(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(project), str(project / "tests")))}
    program = [sys.executable, "-m", "release", *arguments]
    return subprocess.run(program, cwd=project, env=environment, capture_output=True, text=True, check=False)


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def _move(project: Path) -> None:
    (path,) = (project / "templates/app/argocd/base").glob(f"*{_BUDGET}*")
    path.rename(path.with_name(path.name.replace(_BUDGET, "budget.yaml")))
    _edit(project / "templates/shared/derive.jinja", _BUDGET, "budget.yaml")


def _everywhere(project: Path, old: str, new: str) -> None:
    for path in (project / "copier.yml", *(path for path in (project / "templates").rglob("*") if path.is_file())):
        path.write_text(re.sub(old, new, path.read_text()))


def test_what_a_release_would_mean_is_told(changing: Path) -> None:
    _move(changing)
    _everywhere(changing, "git_secret", "git_credential")
    _everywhere(changing, *_OTHERWISE)
    commit(changing)
    said = _release(changing, "0.2.0")
    assert (said.returncode, status(changing)) == (2, [])
    lines = [line.strip() for line in said.stdout.splitlines()]
    gone, moved = (line for line in lines if line.startswith("flaw: "))
    assert gone.startswith("flaw: question 'git_secret' is gone, so every recorded answer to it would be refused; ")
    assert moved.startswith(f"flaw: app: base/{_BUDGET} is gone and app: base/budget.yaml is new with much the same ")
    lost = "Application argocd/checkout-payments-lab: it goes, and everything that it deployed with it"
    assert f"breaks: argocd-regions: what the engine creates: {lost}" in lines
    assert said.stderr == "release: error: the template has flaws since then; mend them first\n"


def test_a_release_is_one_commit_a_tag_and_packages(changing: Path) -> None:
    _move(changing)
    declared = f'moves:\n  "0.1.1":\n    - {{kind: app, from: base/{_BUDGET}, to: base/budget.yaml}}\n'
    _edit(changing / "templates/moves.yml", "moves: {}\n", declared)
    _edit(changing / "CHANGELOG.md", "## [Unreleased]\n", "## [Unreleased]\n\n### Changed\n\n- A file moves.\n")
    commit(changing)
    before = git.run(changing, "rev-parse", "HEAD")
    (changing / "new").touch()
    unready = _release(changing, "0.1.1")
    assert unready.stderr == "release: error: there are changes that are not committed; commit or undo them first\n"
    (changing / "new").unlink()
    made = _release(changing, "0.1.1")
    assert (made.returncode, made.stderr) == (0, "")
    assert f"news: app: base/{_BUDGET} moves to app: base/budget.yaml" in made.stdout
    packages = "dist/gitops_scaffold-0.1.1-py3-none-any.whl and dist/gitops_scaffold-0.1.1.tar.gz"
    assert made.stdout.endswith(f"next: git push origin HEAD v0.1.1, then upload {packages}\n")
    assert status(changing) == []
    assert git.run(changing, "rev-parse", "v0.1.1^{commit}~1") == before
    for name in (
        "scaffold/__init__.py",
        "copier.yml",
        "README.md",
        ".ci/validate/action.yml",
        "templates/validate.yml",
    ):
        text = (changing / name).read_text()
        assert ("0.1.1" in text, "0.1.0" in text) == (True, False), name
    assert "_commit: v0.1.1\n" in (changing / "examples/argocd-regions/.copier-answers.yml").read_text()
    assert "## [Unreleased]\n\n## [0.1.1] - 20" in (changing / "CHANGELOG.md").read_text()


@pytest.mark.parametrize(
    ("last", "breaks", "least"),
    [("0.1.9", False, "0.1.10"), ("0.1.9", True, "0.2.0"), ("1.4.2", True, "2.0.0"), ("1.4.2", False, "1.4.3")],
)
def test_what_breaks_something_raises_more(last: str, breaks: bool, least: str) -> None:
    assert texts.least(last, breaks=breaks) == least


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "1.0.0rc1", "01.0.0"])
def test_a_version_has_three_numbers(version: str) -> None:
    with pytest.raises(ScaffoldError, match="has not three numbers"):
        texts.number(version)


def test_a_release_without_an_entry_in_the_changelog_is_refused() -> None:
    with pytest.raises(ScaffoldError, match=r"has no entry under \[Unreleased\]"):
        texts.headed("# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-01-01\n\n- One.\n", "0.2.0", "2026-02-02")
