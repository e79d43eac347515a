"""Whoever opens a generated repository finds a reason for each file, a link to each page, and what applies each object.

The map is the page of a layer: a path or a pattern between backticks, or what a link leads to. A page counts where a
link from a layer's page leads to it, over other pages too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml
from running import Command, commit, status

from scaffold.cli import main

_ANSWERS = Path(__file__).parent / "answers"
_APPS = (
    "route=gateway autoscaling=true service_monitor=true external_secret=true",
    "source=chart",
    "sealed_secret=true",
)
_FLUX = (
    "engine=flux secrets=external-secrets git_secret=git monitoring=true notifications=slack webhook=github"
    " ansible_pull=true terraform=atlantis image_updates=flux signing_keys=0123456789ABCDEF clusters=eu-1"
)
_SEALED = (
    "engine=flux flux_install=bootstrap ci=gitlab renovate=false image_updates=ci notifications=slack webhook=gitlab"
    " secrets=sealed-secrets monitoring=true"
)
_PER_CLUSTER = (
    "control_planes=per-cluster clusters=eu-1 ci=gitlab image_updates=ci secrets=sealed-secrets notifications=slack"
    " monitoring=true"
)
_TEAM_URL = "team_repository_url=https://git.example.com/checkout/applications.git"


def _grow(path: Path, *layers: tuple[str, ...]) -> Path:
    for layer in layers:
        assert main([*layer, "--repository", str(path)]) == 0
    if status(path):
        commit(path)
    return path


def _data(answers: str) -> list[str]:
    return [part for answer in answers.split() for part in ("--data", answer)]


_FLEETS = {
    "argocd": ["--answers", str(_ANSWERS / "fleet-with-everything.yml")],
    "argocd-per-cluster": _data(_PER_CLUSTER),
    "argocd-plain": _data("renovate=false image_updates=argocd-image-updater secrets=sealed-secrets monitoring=true"),
    "flux": _data(_FLUX),
    "flux-plain": _data(_SEALED),
}


@pytest.fixture(scope="module", params=sorted(_FLEETS))
def repository(request: pytest.FixtureRequest, _own_git: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet with a team and applications: from manifests with every part, from a chart, with a sealed secret."""
    path = tmp_path_factory.mktemp("maps") / "fleet"
    assert main(["new", str(path), "--defaults", *_FLEETS[request.param]]) == 0
    _grow(path, ("add", "team", "checkout"))
    layers = (("add", "app", f"app-{n}", "--team", "checkout", *_data(more)) for n, more in enumerate(_APPS))
    return _grow(path, *layers)


def _layers(repository: Path) -> list[Path]:
    return sorted(path.parent for path in repository.rglob(".copier-answers.yml"))


def _own(layer: Path, layers: list[Path]) -> Iterator[str]:
    """The files of a layer, without those of the layers in it."""
    for path in sorted(layer.rglob("*")):
        nearest = max((other for other in layers if path.is_relative_to(other)), key=lambda other: len(other.parts))
        if path.is_file() and nearest == layer and ".git" not in path.relative_to(layer).parts:
            yield path.relative_to(layer).as_posix()


def _mentioned(page: Path) -> set[str]:
    """What a page names: between backticks, and where its links lead to."""
    text = page.read_text()
    return {*re.findall(r"`([^`\n]+)`", text), *(link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text))}


def _pattern(name: str) -> re.Pattern[str]:
    """`a/<b>/{c,d}/` stands for all that is below."""
    text = re.escape(name.rstrip("/"))
    text = re.sub(r"<[a-z ]+>|\\\*", "[^/]+", text)
    text = re.sub(r"\\\{([^}]+)\\\}", lambda found: f"({found[1].replace(',', '|')})", text)
    return re.compile(rf"{text}(/.*)?" if name.endswith("/") else text)


def _unnamed(layer: Path, layers: list[Path]) -> list[str]:
    pages = [layer / name for name in _own(layer, layers) if name.endswith(".md")]
    names = set()
    for page in pages:
        below = PurePosixPath(page.parent.relative_to(layer).as_posix())
        names |= {name for written in _mentioned(page) for name in (written, f"{below / written}") if written}
        names |= {f"{below / written}/" for written in _mentioned(page) if written.endswith("/")}
    patterns = [_pattern(name) for name in names if name != "/"]
    known = (".copier-answers.yml", "README.md")
    return [
        name
        for name in _own(layer, layers)
        if name not in known and not any(pattern.fullmatch(name) for pattern in patterns)
    ]


def test_every_file_stands_in_the_map_of_its_layer(repository: Path) -> None:
    layers = _layers(repository)
    assert {
        layer.relative_to(repository).as_posix(): names for layer in layers if (names := _unnamed(layer, layers))
    } == {}


def test_every_page_is_linked_from_the_page_of_a_layer(repository: Path) -> None:
    known = [layer / "README.md" for layer in _layers(repository)]
    for page in known:
        for link in re.findall(r"\]\(([^)#]+)", page.read_text()):
            if "://" not in link:
                target = (page.parent / link).resolve()
                assert target.exists(), f"{page.relative_to(repository)} leads to {link}, which is not there"
                found = sorted(target.glob("*.md")) if target.is_dir() else [target]
                known.extend(path for path in found if path.suffix == ".md" and path not in known)
    pages = {path.resolve() for path in repository.rglob("*.md")}
    assert pages - {path.resolve() for path in known} == set()


def _objects(path: Path) -> list[dict[str, Any]]:
    text = path.read_text()
    if not re.search(r"^kind: ", text, re.MULTILINE):
        return []
    return [
        item for item in yaml.safe_load_all(text) if isinstance(item, dict) and {"apiVersion", "kind"} <= item.keys()
    ]


def _reached(repository: Path, directory: Path) -> Iterator[Path]:
    """The files that a directory is put together from, as Kustomize, Helm and the engines do it."""
    kustomization = directory / "kustomization.yaml"
    if (directory / "Chart.yaml").is_file():
        yield from directory.iterdir()
        yield from (directory.parent.parent / "base").glob("*.yaml")
    elif kustomization.is_file():
        yield kustomization
        told = yaml.safe_load(kustomization.read_text()) or {}
        names = [*told.get("resources", ()), *(patch["path"] for patch in told.get("patches", ()) if "path" in patch)]
        for generator in (*told.get("configMapGenerator", ()), *told.get("secretGenerator", ())):
            names.extend(name.partition("=")[2] or name for name in generator.get("files", ()))
        for name in names:
            target = (directory / name).resolve()
            yield from _reached(repository, target) if target.is_dir() else [target]
    else:
        yield from directory.glob("*.yaml")


def _beginnings(repository: Path, command: Command) -> set[Path]:
    """The directories that an engine is told to apply; where it applies the root, what its source leaves of it."""
    found = json.loads(command("inventory", repository, "--format", "json").out)
    paths = {source["path"] for item in found["applications"] for source in item["sources"] if "path" in source}
    paths |= {str(path.relative_to(repository)) for path in repository.glob("clusters/*/")}
    paths |= {str(path.relative_to(repository)) for path in repository.glob("control-plane/*/")}
    for file in repository.rglob("*.yaml"):
        for item in _objects(file):
            if item["kind"] == "Kustomization" and item["apiVersion"].startswith("kustomize.toolkit"):
                paths.add(item["spec"]["path"])
            elif item["kind"] == "GitRepository" and "ignore" in item["spec"]:
                left = item["spec"]["ignore"].split()[-1].removeprefix("!/")
                paths |= {str(path.relative_to(repository)) for path in repository.glob(left)}
            elif item["kind"] == "ApplicationSet":
                paths |= {str(p.relative_to(repository)) for p in repository.glob("teams/*/control-plane/*/")}
    return {(repository / path).resolve() for path in paths} - {repository.resolve()}


def test_every_object_is_applied_from_where_an_engine_begins(repository: Path, command: Command) -> None:
    directories = _beginnings(repository, command)
    reached = {path.resolve() for directory in directories for path in _reached(repository, directory)}
    files = [path.resolve() for path in repository.rglob("*.yaml") if ".git" not in path.parts]
    apart = ("hosts", ".github", "terraform")
    left = {
        path.relative_to(repository.resolve()).as_posix() for path in files if path not in reached and _objects(path)
    }
    assert {name for name in left if name.split("/")[0] not in apart} == set()


@pytest.mark.parametrize("engine", ["argocd", "flux"])
def test_the_repository_of_a_team_has_a_map_too(engine: str, tmp_path: Path) -> None:
    fleet, own = tmp_path / "fleet", tmp_path / "checkout"
    answers = _data(f"engine={engine} topology=multi-repo signing_keys=0123456789ABCDEF")
    assert main(["new", str(fleet), "--defaults", *answers]) == 0
    _grow(fleet, ("add", "team", "checkout", "--data", _TEAM_URL))
    assert main(["new", str(own), "--fleet", str(fleet), "--team", "checkout", *_data("image_updates=ci")]) == 0
    _grow(own, ("add", "app", "payments"))
    for repository in (fleet, own):
        test_every_file_stands_in_the_map_of_its_layer(repository)
        test_every_page_is_linked_from_the_page_of_a_layer(repository)
