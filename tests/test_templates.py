"""The template: every answer set is generated and goes through what the engine would do; bad ones are refused."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import copier
import plumbum
import pytest
import yaml

import scaffold
from scaffold import schemas

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "templates"
ANSWERS = Path(__file__).parent / "answers"
VALID = sorted(ANSWERS.glob("*.yml"))
INVALID = sorted(ANSWERS.glob("invalid/*.yml"))
KINDS = ("fleet", "cluster", "team", "team-repo", "app")
ENGINES = ("argocd", "flux")
PROGRAMS = Path(sys.executable).parent


def _run(directory: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=directory, check=False, capture_output=True, text=True, timeout=120)


def _git(directory: Path, *arguments: str) -> str:
    result = _run(directory, "git", *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def _commit(directory: Path, *, tag: str = "") -> None:
    _git(directory, "add", "--all", "--force")
    _git(directory, "commit", "--quiet", "--allow-empty", "--message", "A state")
    if tag:
        _git(directory, "tag", tag)


def _generate(template: Path, destination: Path, answers: dict[str, Any]) -> Path:
    settings = copier.Settings()
    copier.run_copy(str(template), destination, data=answers, defaults=True, quiet=True, settings=settings)
    return destination


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _tree(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(directory).parts
    }


@pytest.fixture(autouse=True)
def _plumbum_environment(_own_directories: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copier starts git through plumbum, which took a copy of the environment when it was imported."""
    for name in ("HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "COPIER_CACHE_DIR"):
        monkeypatch.setitem(cast("dict[str, str]", plumbum.local.env), name, os.environ[name])


@pytest.fixture(scope="module")
def template(_own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template as it stands in the working tree, as the first release of a Git repository."""
    snapshot = tmp_path_factory.mktemp("release") / "template"
    shutil.copytree(SOURCES, snapshot / "templates")
    shutil.copy(ROOT / "copier.yml", snapshot)
    _git(snapshot, "init", "--quiet")
    _commit(snapshot, tag="v0.1.0")
    return snapshot


@pytest.fixture(scope="module")
def sources(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same files without Git, which Copier reads where they stand."""
    ignored = shutil.ignore_patterns(".git")
    return Path(shutil.copytree(template, tmp_path_factory.mktemp("sources") / "template", ignore=ignored))


@pytest.fixture
def growing(template: Path, tmp_path: Path) -> Path:
    """The same, to be released again."""
    return Path(shutil.copytree(template, tmp_path / "template", symlinks=True))


def test_answer_sets_name_every_kind_of_every_engine() -> None:
    named = {(answers["kind"], answers.get("engine", "argocd")) for answers in map(_read, VALID)}
    assert named == {(kind, engine) for kind in KINDS for engine in ENGINES}


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_generates(path: Path, template: Path, tmp_path: Path) -> None:
    layer = _generate(template, tmp_path / "layer", _read(path))
    for name, content in _tree(layer).items():
        _has_no_residue(name, content.decode("utf-8"))
    empty = {
        place.relative_to(layer).parts[0] for place in layer.rglob("*") if place.is_dir() and not any(place.iterdir())
    }
    # who adopts an application brings the files of these directories along
    assert empty == ({"base", "overlays"} if _read(path).get("source") == "adopted" else set())
    _is_lint_free(layer)
    _builds(layer)


def _has_no_residue(name: str, text: str) -> None:
    assert text.endswith("\n"), name
    assert not re.search(r"\[\[|\]\]|\[%|#%|\A\n|\n\n\Z|\n\n\n|[ \t]\n", text), name
    # a line of the template swallows the blank lines after it, which ends neither table nor paragraph
    assert not (name.endswith(".md") and re.search(r"^\|.*\n[^|\n]|[^\n]\n##+ ", text, re.MULTILINE)), name


def _is_lint_free(layer: Path) -> None:
    lint = _run(layer, PROGRAMS / "yamllint", "--strict", "-c", SOURCES / "shared/fleet/yamllint.jinja", ".")
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, "", "")


def _builds(layer: Path) -> None:
    """Every kustomization renders without a warning, and a server would take what it renders."""
    for path in layer.rglob("kustomization.yaml"):
        result = _run(layer, PROGRAMS / "kubectl", "kustomize", path.parent)
        assert (result.returncode, result.stderr) == (0, ""), path
        if result.stdout or "platform" not in path.parts:  # a platform may have nothing to set up
            _fits_schemas(path, result.stdout)
    for path in (*layer.glob("control-plane/*/*.yaml"), *layer.glob("flux/*/*.yaml")):
        _fits_schemas(path, path.read_text(encoding="utf-8"))


def _fits_schemas(path: Path, text: str) -> None:
    manifests = list(yaml.safe_load_all(text))
    assert manifests, path
    # the oldest and the newest version that an answer may name
    for version in ("1.25", "1.37"):
        assert [schemas.check(manifest, version) for manifest in manifests] == [[] for _ in manifests], path


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_refuses(path: Path, sources: Path, tmp_path: Path) -> None:
    case = _read(path)
    with pytest.raises(ValueError, match=r"^Validation error for question '\w+': ") as caught:
        _generate(sources, tmp_path / "refused", case["answers"])
    assert " ".join(str(caught.value).split()).partition("': ")[2] == case["message"]
    assert not (tmp_path / "refused").exists()


# those that the fleets of test_new and test_flux_fleet, which are updated so too, do not have
@pytest.mark.parametrize(("kind", "engine"), [("cluster", "argocd"), ("team-repo", "argocd"), ("team-repo", "flux")])
def test_update_without_a_change_leaves_git_clean(kind: str, engine: str, template: Path, tmp_path: Path) -> None:
    """Copier writes the layer anew, twice, and compares: what it writes depends on nothing but the answers."""
    layer = _layer(template, tmp_path / "fleet", kind, engine)
    copier.run_update(layer, defaults=True, overwrite=True, quiet=True, settings=copier.Settings())
    assert _git(layer, "status", "--porcelain") == ""


def _layer(template: Path, repository: Path, kind: str, engine: str = "argocd") -> Path:
    """One layer below a committed repository, as they stand side by side in a fleet."""
    layer = _generate(template, repository / "layers" / kind, {"kind": kind, "engine": engine})
    _git(repository, "init", "--quiet")
    _commit(repository)
    return layer


def test_update_merges_the_template_with_the_repository(growing: Path, tmp_path: Path) -> None:
    layer = _layer(growing, tmp_path / "fleet", "app")
    deployment, overlay = layer / "base/deployment.yaml", layer / "overlays/dev/kustomization.yaml"
    _replace(overlay, "1.0.0", "1.1.0")
    _replace(deployment, "memory: 128Mi", "memory: 512Mi")
    _commit(tmp_path / "fleet")
    source = growing / "templates/shared/app/deployment.yaml.jinja"
    _replace(source, "revisionHistoryLimit: 3", "revisionHistoryLimit: 5")
    _commit(growing, tag="v0.2.0")
    copier.run_update(layer, defaults=True, overwrite=True, quiet=True, settings=copier.Settings())
    assert 'newTag: "1.1.0"' in overlay.read_text(encoding="utf-8")
    merged = _read(deployment)["spec"]
    assert merged["revisionHistoryLimit"] == 5
    assert merged["template"]["spec"]["containers"][0]["resources"]["limits"]["memory"] == "512Mi"


def test_update_keeps_what_is_written_once(growing: Path, tmp_path: Path) -> None:
    layer = _layer(growing, tmp_path / "fleet", "fleet")
    owners = layer / "CODEOWNERS"
    owners.write_text("* @somebody\n", encoding="utf-8")
    _commit(tmp_path / "fleet")
    _replace(growing / "templates/shared/fleet/CODEOWNERS.jinja", "The last line", "The very last line")
    _commit(growing, tag="v0.2.0")
    copier.run_update(layer, defaults=True, overwrite=True, quiet=True, settings=copier.Settings())
    assert owners.read_text(encoding="utf-8") == "* @somebody\n"


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_sources_are_yaml() -> None:
    lint = _run(ROOT, PROGRAMS / "yamllint", "--strict", "-c", SOURCES / ".yamllint", "copier.yml", "templates")
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, "", "")


def test_nothing_needs_trust() -> None:
    assert not {"_tasks", "_migrations", "_jinja_extensions", "_external_data"} & _read(ROOT / "copier.yml").keys()


def test_every_question_has_help_a_default_and_a_good_value() -> None:
    for name, question in _questions().items():
        assert question["help"].endswith("."), name
        assert "default" in question, name
        free = question["type"] in {"str", "int", "yaml"} and "choices" not in question
        assert not free or question.get("when") is False or "validator" in question, name


def _questions() -> dict[str, Any]:
    return {name: question for name, question in _read(ROOT / "copier.yml").items() if not name.startswith("_")}


def test_ci_installs_this_version() -> None:
    assert _questions()["scaffold_version"]["default"] == scaffold.__version__


@pytest.mark.parametrize("engine", ENGINES)
def test_readme_lists_the_exceptions_of_yamllint(engine: str, template: Path, tmp_path: Path) -> None:
    fleet = _generate(template, tmp_path / "fleet", {"kind": "fleet", "engine": engine})
    config = _read(fleet / ".yamllint")
    style = (fleet / "README.md").read_text(encoding="utf-8").partition("## Style")[2]
    assert re.findall(r"^\| `([a-z-]+)` \|", style, re.MULTILINE) == list(config["rules"])
    assert all(f"`{ignored}`" in style for ignored in config["ignore"])


def test_environments_are_normalised(template: Path, tmp_path: Path) -> None:
    answers = _read(ANSWERS / "fleet-of-nine-environments.yml")
    settings = _read(_generate(template, tmp_path / "fleet", answers) / ".gitops-scaffold.yaml")
    found = [(e["name"], e["stage"], e["cluster"], e["gate"]) for e in settings["environments"]]
    assert found[1] == ("dev", 1, "hub", "auto")
    assert found[5:] == [
        ("load", 4, "hub", "auto"),
        ("eu-1", 5, "eu-1", "manual"),
        ("us-1", 5, "us-1", "manual"),
        ("archive", 8, "hub", "auto"),
    ]


def test_manual_gate_waits_for_a_releaser(template: Path, tmp_path: Path) -> None:
    team = _generate(template, tmp_path / "team", {"kind": "team"}) / "control-plane"
    manual, auto = (_read(team / name / "applications.yaml")["spec"] for name in ("production", "dev"))
    assert manual["syncPolicy"] == {"applicationsSync": "create-update", "preserveResourcesOnDeletion": True}
    assert "automated" not in manual["template"]["spec"]["syncPolicy"]
    assert auto["template"]["spec"]["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}
    project = _read(team / "production/appproject.yaml")["spec"]
    assert [role["name"] for role in project["roles"]] == ["viewer", "releaser"]
    assert project["syncWindows"][0]["manualSync"] is False


def test_manual_gate_of_flux_waits_for_a_pin(template: Path, tmp_path: Path) -> None:
    team = _generate(template, tmp_path / "team", {"kind": "team", "engine": "flux"}) / "environments"
    assert [path.parent.name for path in team.glob("*/release.yaml")] == ["production"]
    built = yaml.safe_load_all(_run(team, PROGRAMS / "kubectl", "kustomize", "production").stdout)
    sources = [item["spec"] for item in built if item["kind"] == "GitRepository"]
    assert [source["suspend"] for source in sources] == [True, True]
    assert not any("suspend" in source for source in _read_all(team / "dev/applications.yaml"))


def _read_all(path: Path) -> list[Any]:
    return [item["spec"] for item in yaml.safe_load_all(path.read_text(encoding="utf-8"))]


def test_an_update_never_moves_a_release(growing: Path, tmp_path: Path) -> None:
    layer = _layer(growing, tmp_path / "fleet", "team", "flux")
    release = layer / "environments/production/release.yaml"
    _replace(release, "suspend: true", "ref: {commit: 0123456789abcdef0123456789abcdef01234567}")
    _commit(tmp_path / "fleet")
    source = next((growing / "templates/team/flux/environments").rglob("*release.yaml*"))
    _replace(source, "Releasers own", "Only releasers own")
    _commit(growing, tag="v0.2.0")
    before = release.read_text(encoding="utf-8")
    copier.run_update(layer, defaults=True, overwrite=True, quiet=True, settings=copier.Settings())
    assert release.read_text(encoding="utf-8") == before


def test_autoscaler_is_the_only_one_to_decide_replicas(template: Path, tmp_path: Path) -> None:
    answers = _read(ANSWERS / "app-with-everything-behind-an-ingress.yml")
    app = _generate(template, tmp_path / "app", answers)
    assert (app / "base/horizontal-pod-autoscaler.yaml").is_file()
    assert "replicas" not in _read(app / "base/deployment.yaml")["spec"]
    assert "replicas" not in _read(app / "overlays/dev/kustomization.yaml")


def test_what_is_read_over_ssh_is_read_with_a_key(template: Path, tmp_path: Path) -> None:
    address = {"repository_url": "ssh://git@git.example.com/platform/fleet.git"}
    for name in ("flux-cluster-by-bootstrap", "flux-team-whose-secrets-are-sealed", "flux-team-with-a-credential"):
        told = _read(ANSWERS / f"{name}.yml") | address
        page = (_generate(template, tmp_path / name, told) / "README.md").read_text()
        assert "username=git" not in page
        assert ("--from-file=identity=deploy-key" in page) == (told["secrets"] != "external-secrets")
