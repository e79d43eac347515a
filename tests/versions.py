"""A repository of template versions, made from the template as it is: it moves, renames, deletes, asks otherwise.

v1.0.0  the template as it is, at another address
v1.1.0  a file of every application moves, one question has a new name, text changes in many equal files
v2.0.0  a directory of every team moves, a page is deleted, a question is new, another one gone, one choice fewer
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scaffold import generate, git, staging
from scaffold.template import Template

VERSIONS = ("v1.0.0", "v1.1.0", "v2.0.0")
_TEMPLATE = Path(__file__).parent.parent
_MOVES = "templates/moves.yml"


def write(repository: Path, engine: str = "argocd") -> dict[str, Template]:
    """Make the repository for one engine; give the template at each version."""
    repository.mkdir(parents=True)
    git.run(repository, "init", "--quiet")
    shutil.copy(_TEMPLATE / "copier.yml", repository)
    shutil.copytree(_TEMPLATE / "templates", repository / "templates")
    _drop_engines(repository, engine)
    declared = (repository / _MOVES).read_text()
    for version, change in zip(VERSIONS, (None, _first, _second), strict=True):
        if change:
            declared = change(repository, engine)
            (repository / _MOVES).write_text(declared)
        git.run(repository, "add", "--all")
        git.run(repository, "commit", "--quiet", "--message", version)
        git.run(repository, "tag", version)
    return {version: Template(f"file://{repository}", version) for version in VERSIONS}


def renaming(repository: Path, engine: str) -> dict[str, Template]:
    """Two versions for one engine; in the second one, every application has another name there."""
    repository.mkdir(parents=True)
    git.run(repository, "init", "--quiet")
    shutil.copy(_TEMPLATE / "copier.yml", repository)
    shutil.copytree(_TEMPLATE / "templates", repository / "templates")
    _drop_engines(repository, but=engine)
    for version in VERSIONS[::2]:
        if version != VERSIONS[0]:
            _replace(repository, *_RENAMING[engine])
        git.run(repository, "add", "--all")
        git.run(repository, "commit", "--quiet", "--message", version)
        git.run(repository, "tag", version)
    return {version: Template(f"file://{repository}", version) for version in VERSIONS[::2]}


_RENAMING = {
    "argocd": ("templates/team", r'name: "(\[\[ team \]\]-\{\{ index .path.segments)', r'name: "app-\1'),
    "flux": ("templates/app/flux/flux", r'(metadata:\n  name: )"\[\[ app \]\]"', r'\1"app-[[ app ]]"'),
}


def generate_into(root: Path, source: Template, layers: Mapping[str, Mapping[str, Any]]) -> None:
    """Write layers by directory, each from its answers, as a repository with one commit."""
    with generate.generator(source) as made:
        for directory, given in layers.items():
            staging.files(root / directory, made.render(given))
    git.run(root, "init", "--quiet")
    git.run(root, "add", "--all")
    git.run(root, "commit", "--quiet", "--message", "A state")


def _drop_engines(repository: Path, but: str = "argocd") -> None:
    """Keep one engine, so that versions are small."""
    for engine in {"argocd", "flux"} - {but}:
        for directory in (repository / "templates").glob(f"*/{engine}"):
            shutil.rmtree(directory)


def _first(repository: Path, engine: str) -> str:
    _rename(repository, f"templates/app/{engine}/base", "pod-disruption-budget.yaml", "budget.yaml")
    _replace(repository, "templates", "'pod-disruption-budget.yaml'", "'budget.yaml'")
    _replace(repository, "templates", r"cpu_quota", "cpu_request_quota")
    _replace(repository, "copier.yml", r"cpu_quota", "cpu_request_quota")
    _replace(
        repository, "templates/shared/team", r"(kind: LimitRange\n)", r"\1# Defaults for containers that say nothing.\n"
    )
    _replace(repository, "templates/shared/app", r"(kind: Deployment\n)", r"\1# Pods come and go one by one.\n")
    return """\
moves:
  "1.1.0":
    - {kind: app, from: base/pod-disruption-budget.yaml, to: base/budget.yaml}
answers:
  "1.1.0":
    - {kind: team, from: cpu_quota, to: cpu_request_quota}
"""


def _second(repository: Path, engine: str) -> str:
    team = repository / f"templates/team/{engine}"
    (team / "environments").rename(team / "namespaces")
    _replace(repository, "templates/team", r"(teams/\[\[ team \]\])/environments", r"\1/namespaces")
    (repository / f"templates/app/{engine}/README.md.jinja").unlink()
    _replace(repository, "copier.yml", r"\nmemory_limit_quota:\n(?:  .*\n|\n)*", "\n")
    _replace(repository, "templates/shared/team", r"\[\[ memory_limit_quota \]\]", "64Gi")
    _replace(repository, "copier.yml", r"    - none\n(  default: github\n)", r"\1")
    with (repository / "copier.yml").open("a") as file:
        file.write("\npriority:\n  type: str\n  help: Class of the pods.\n  default: standard\n")
        file.write("  when: \"[[ kind == 'app' and source == 'manifests' ]]\"\n")
    _replace(repository, "templates/shared/app", r"(kind: Deployment\n)", r'\1# Priority "[[ priority ]]".\n')
    return (
        _first_declared()
        + """\
  "2.0.0":
    - {kind: team, from: memory_limit_quota}
"""
    )


def _first_declared() -> str:
    return """\
moves:
  "1.1.0":
    - {kind: app, from: base/pod-disruption-budget.yaml, to: base/budget.yaml}
  "2.0.0":
    - {kind: team, from: environments/*, to: namespaces/*}
answers:
  "1.1.0":
    - {kind: team, from: cpu_quota, to: cpu_request_quota}
"""


def _rename(repository: Path, below: str, old: str, new: str) -> None:
    (found,) = (path for path in (repository / below).iterdir() if old in path.name)
    found.rename(found.with_name(found.name.replace(old, new)))


def _replace(repository: Path, below: str, pattern: str, replacement: str) -> None:
    """Replace in every text below a path; it must be somewhere, or the version would not be what it says."""
    top = repository / below
    hits = 0
    for path in [top] if top.is_file() else sorted(path for path in top.rglob("*") if path.is_file()):
        text, number = re.subn(pattern, replacement, path.read_text())
        if number:
            path.write_text(text)
        hits += number
    assert hits, f"{pattern!r} is nowhere below {below}"
