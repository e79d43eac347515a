"""The wheel carries the template's versions: `new`, `add` and plain Copier work from it without network."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from running import commit, status

from scaffold import answers, git
from scaffold.errors import ScaffoldError

ROOT = Path(__file__).parent.parent
INGREDIENTS = ("scaffold", "templates", "copier.yml", "pyproject.toml", "README.md", "LICENSE")
PAGE = Path("templates/fleet/argocd/README.md.jinja")


@pytest.fixture(scope="session")
def project(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it stands here, as one untagged commit."""
    directory = tmp_path_factory.mktemp("project")
    for name in INGREDIENTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, directory / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, directory / name)
    git.run(directory, "init", "--quiet")
    commit(directory)
    return directory


@pytest.fixture(scope="session")
def first(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of that commit, unpacked."""
    return _install(_build(project, tmp_path_factory.mktemp("wheel")), tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def second(project: Path, first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the next version, whose template says something new, unpacked."""
    next_ = Path(shutil.copytree(project, tmp_path_factory.mktemp("next") / "project"))
    git.run(next_, "tag", "v0.1.0")
    (next_ / "scaffold/__init__.py").write_text('"""Version two."""\n\n__version__ = "0.2.0"\n')
    (next_ / PAGE).write_text((next_ / PAGE).read_text() + "\nThe second version says this.\n")
    commit(next_)
    return _install(_build(next_, tmp_path_factory.mktemp("wheel")), tmp_path_factory.mktemp("site"))


def _build(project: Path, target: Path) -> Path:
    program = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(target)]
    done = subprocess.run(program, cwd=project, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ScaffoldError(done.stderr)
    return next(target.glob("*.whl"))


def _install(wheel: Path, site: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def _run(site: Path, *arguments: str | Path, directory: Path, module: str = "scaffold", **more: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(site), **more}
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def _offline(site: Path, directory: Path) -> dict[str, str]:
    """The variables that the printed shell commands set."""
    lines = _run(site, "template", "--env", directory=directory).splitlines()
    return dict(shlex.split(line)[1].partition("=")[::2] for line in lines)


def test_wheel_holds_the_package_and_the_template(first: Path) -> None:
    names = {path.relative_to(first).as_posix() for path in first.rglob("*") if path.is_file()}
    assert "scaffold/template.bundle" in names
    assert "scaffold/_build.py" not in names
    assert {name.partition("/")[0] for name in names} == {"scaffold", "gitops_scaffold-0.1.0.dist-info"}
    heads = git.run(first, "bundle", "list-heads", str(first / "scaffold/template.bundle"))
    assert {line.split()[1] for line in heads.splitlines()} == {"refs/tags/v0.1.0", "HEAD"}


def test_bundle_holds_nothing_but_the_template(first: Path, tmp_path: Path) -> None:
    git.run(tmp_path, "clone", "--quiet", str(first / "scaffold/template.bundle"), "template")
    assert sorted(path.name for path in (tmp_path / "template").iterdir()) == [".git", "copier.yml", "templates"]


def test_new_add_and_copier_update_work_offline(first: Path, tmp_path: Path) -> None:
    _run(first, "new", "fleet", "--defaults", directory=tmp_path)
    fleet = tmp_path / "fleet"
    assert answers.read(fleet)[:2] == ("https://github.com/gitops-scaffold/gitops-scaffold.git", "v0.1.0")
    _run(first, "add", "team", "checkout", directory=fleet)
    assert answers.read(fleet / "teams/checkout").version == "v0.1.0"
    commit(fleet)
    for layer in ("", "teams/checkout"):
        offline = _offline(first, fleet)
        _run(first, "update", "--defaults", fleet / layer, directory=tmp_path, module="copier", **offline)
    assert status(fleet) == []


def test_newer_wheel_adds_at_the_recorded_version_and_updates(first: Path, second: Path, tmp_path: Path) -> None:
    _run(first, "new", "fleet", "--defaults", directory=tmp_path)
    fleet = tmp_path / "fleet"
    said = _run(second, "add", "team", "checkout", directory=fleet)
    assert "the fleet is at template v0.1.0, and v0.2.0 is there" in said
    assert answers.read(fleet / "teams/checkout").version == "v0.1.0"
    (fleet / "README.md").write_text("Ours.\n" + (fleet / "README.md").read_text())
    commit(fleet)
    _run(second, "update", "--defaults", fleet, directory=tmp_path, module="copier", **_offline(second, fleet))
    assert answers.read(fleet).version == "v0.2.0"
    page = (fleet / "README.md").read_text()
    assert page.startswith("Ours.\n")
    assert page.endswith("The second version says this.\n")


def test_version_that_the_older_wheel_has_not_is_named(first: Path, second: Path, tmp_path: Path) -> None:
    _run(second, "new", "fleet", "--defaults", directory=tmp_path)
    program = [sys.executable, "-m", "scaffold", "add", "team", "checkout"]
    environment = {**os.environ, "PYTHONPATH": str(first)}
    done = subprocess.run(program, cwd=tmp_path / "fleet", env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("gitops-scaffold: error: template version 'v0.2.0' cannot be had from https://github")
    assert done.stderr.count("\n") == 1


def test_moved_version_is_no_release(project: Path, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(project, tmp_path / "project"))
    git.run(moved, "tag", "v0.1.0")
    git.run(moved, "commit", "--quiet", "--allow-empty", "--message", "Later")
    with pytest.raises(ScaffoldError, match=r"version v0\.1\.0 is tagged at another commit; raise the version"):
        _build(moved, tmp_path / "wheel")


def test_template_and_package_have_one_version(project: Path) -> None:
    import scaffold

    (document,) = [
        line for line in (project / "copier.yml").read_text().split("\n\n") if "\nscaffold_version:" in f"\n{line}"
    ]
    assert f"default: {scaffold.__version__}" in document
