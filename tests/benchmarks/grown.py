"""Write a repository of many applications, the same bytes for the same numbers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scaffold import git
from scaffold.cli import main

_TEAM, _PLAIN, _GENERATED = "team-seed", "app-seed", "app-made"
_PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {app}
spec:
  template:
    spec:
      containers:
        - name: {app}
          env:
            - name: LOG_LEVEL
              value: warning
"""
_PATCHES = "patches:\n"
_GENERATOR = "configMapGenerator:\n  - name: {app}-settings\n    literals:\n      - GREETING=hello\n"


class Size(NamedTuple):
    """How many applications there are, three overlays each, and how many of them a team owns."""

    applications: int
    per_team: int


def write(directory: Path, size: Size) -> None:
    """Write and commit a repository as `new` and `add` would, one team and two applications multiplied.

    Five objects an overlay; every production overlay carries a patch, every fifth application a generator.
    """
    _seed(directory)
    seed = _without(directory)
    for team, applications in _teams(size):
        _multiply(seed / "team", directory / "teams" / team, {_TEAM: team})
        for number in applications:
            kind = _GENERATED if number % 5 == 0 else _PLAIN
            name = f"app-{number:04}"
            _multiply(seed / kind, directory / "apps" / team / name, {_TEAM: team, kind: name})
    _own(directory, [team for team, _ in _teams(size)])
    shutil.rmtree(seed)
    git.run(directory, "add", "--all")
    git.run(directory, "commit", "--quiet", "--message", "Grow")


def _seed(directory: Path) -> None:
    at = ("--repository", str(directory))
    ingress = ("--data", "route=ingress")
    _succeed("new", str(directory), "--defaults")
    _succeed("add", "team", _TEAM, *at)
    _succeed("add", "app", _PLAIN, "--team", _TEAM, *ingress, *at)
    _succeed("add", "app", _GENERATED, "--team", _TEAM, *ingress, "--data", "disruption_budget=false", *at)
    for name in (_PLAIN, _GENERATED):
        overlay = directory / "apps" / _TEAM / name / "overlays" / "production"
        overlay.joinpath("environment.yaml").write_text(_PATCH.format(app=name))
        _change(overlay / "kustomization.yaml", _PATCHES, f"{_PATCHES}  - path: environment.yaml\n")
    base = directory / "apps" / _TEAM / _GENERATED / "base"
    resources = "resources:\n"
    _change(base / "kustomization.yaml", resources, _GENERATOR.format(app=_GENERATED) + resources)


def _succeed(*arguments: str) -> None:
    code = main(arguments)
    assert code == 0, f"gitops-scaffold {' '.join(arguments)} gave {code}"


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new))


def _without(directory: Path) -> Path:
    """Take the seeds out of the repository."""
    seed = directory / ".git" / "seed"
    seed.mkdir()
    for name in (_PLAIN, _GENERATED):
        shutil.move(directory / "apps" / _TEAM / name, seed / name)
    shutil.move(directory / "teams" / _TEAM, seed / "team")
    shutil.rmtree(directory / "apps" / _TEAM)
    return seed


def _teams(size: Size) -> Iterator[tuple[str, range]]:
    for number, start in enumerate(range(0, size.applications, size.per_team)):
        yield f"team-{number:03}", range(start, min(start + size.per_team, size.applications))


def _multiply(source: Path, target: Path, names: dict[str, str]) -> None:
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        text = path.read_text()
        for old, new in names.items():
            text = text.replace(old, new)
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text)


def _own(directory: Path, teams: list[str]) -> None:
    """Give every team the seed's lines in CODEOWNERS."""
    path = directory / "CODEOWNERS"
    lines = path.read_text().splitlines()
    seeds = [line for line in lines if _TEAM in line]
    at = lines.index(seeds[0])
    grown = [line.replace(_TEAM, team) for team in teams for line in seeds]
    path.write_text("\n".join([*lines[:at], *grown, *lines[at + len(seeds) :]]) + "\n")
