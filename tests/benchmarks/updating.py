"""Update a large repository, beside the loop of `copier update` that it replaces."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from scaffold import answers, git

from .processes import Used, run

LOOP, CHANGED, UNCHANGED = "the loop of copier update", "update, every application changed", "update, nothing changed"
_CHECKOUT = Path(__file__).parents[2]
_PARTS = ("copier.yml", "templates")
_FIRST, _ALIKE, _OTHER = "v1.0.0", "v1.1.0", "v2.0.0"
_PLACE, _LINE = "kind: Deployment\n", "kind: Deployment\n# Pods come and go one by one.\n"


class Bench(NamedTuple):
    """A repository of that many applications, at the first of three versions of a template, and the programs."""

    repository: Path
    applications: int
    programs: Path
    environment: Mapping[str, str]


def prepared(repository: Path, applications: int, programs: Path, environment: Mapping[str, str]) -> Bench:
    """Let a written repository, which changes, come from a template that has later versions."""
    address = _template(repository.with_name(f"{repository.name}-template.git"))
    for path in repository.rglob(answers.NAME):
        text = re.sub("(?m)^_commit: .*$", f"_commit: {_FIRST}", path.read_text())
        path.write_text(re.sub("(?m)^_src_path: .*$", f"_src_path: {address}", text))
    git.run(repository, "add", "--all")
    git.run(repository, "commit", "--quiet", "--message", "Take another template")
    return Bench(repository, applications, programs, environment)


def rows(bench: Bench, sample: int) -> Iterator[tuple[str, Callable[[], Used]]]:
    """What is measured, by name; the loop updates some layers of applications and is multiplied up."""
    yield LOOP, lambda: _looped(bench, sample)
    yield CHANGED, lambda: _updated(bench, _OTHER)
    yield UNCHANGED, lambda: _updated(bench, _ALIKE)


def _template(directory: Path) -> str:
    """A template of three versions: another file that no layer is made from, and a line more in each Deployment."""
    directory.mkdir()
    git.run(directory, "init", "--quiet")
    shutil.copyfile(_CHECKOUT / _PARTS[0], directory / _PARTS[0])
    shutil.copytree(_CHECKOUT / _PARTS[1], directory / _PARTS[1])
    _tag(directory, _FIRST)
    (directory / _PARTS[1] / "README.md").write_text("Of no layer.\n")
    _tag(directory, _ALIKE)
    written = [path for path in (directory / _PARTS[1]).rglob("*deployment*") if _PLACE in path.read_text()]
    for path in written:
        path.write_text(path.read_text().replace(_PLACE, _LINE))
    assert written
    _tag(directory, _OTHER)
    return f"file://{directory}"


def _tag(directory: Path, version: str) -> None:
    git.run(directory, "add", "--all")
    git.run(directory, "commit", "--quiet", "--message", version)
    git.run(directory, "tag", version)


def _updated(bench: Bench, version: str) -> Used:
    program = str(bench.programs / "gitops-scaffold")
    used = run((program, "update", "--to", version), bench.repository, bench.environment)
    changed = len(git.run(bench.repository, "diff", "--name-only").splitlines())
    assert changed >= bench.applications * (1 + (version == _OTHER)), f"only {changed} files changed"
    git.run(bench.repository, "reset", "--quiet", "--hard")
    return used


def _looped(bench: Bench, sample: int) -> Used:
    """What `copier update` takes for every application, by that of a sample; the commits between are not counted."""
    layers = sorted((bench.repository / "apps").glob(f"*/*/{answers.NAME}"))
    chosen = [path.parent for path in layers[:: max(1, len(layers) // sample)]][:sample]
    command = (str(bench.programs / "copier"), "update", "--defaults", "--quiet", "--vcs-ref", _OTHER)
    taken = []
    for layer in chosen:
        taken.append(run(command, layer, bench.environment))
        git.run(bench.repository, "commit", "--quiet", "--all", "--message", "Update")
    git.run(bench.repository, "reset", "--quiet", "--hard", f"HEAD~{len(chosen)}")
    scale = bench.applications / len(chosen)
    return Used(scale * sum(used.wall for used in taken), scale * sum(used.cpu for used in taken))
