"""Measure commands on large repositories; `make bench` runs it, with nothing asserted.

Method. A repository is written as `new` and `add` write it: applications of five rendered objects with three overlays
each, in teams of 20, every overlay with an image, replicas and a patch of the host, every production overlay with one
more patch, every fifth application with a generator. The teams bring their projects, ApplicationSets, baselines and
namespaces, so `validate` builds ten percent more than the loop is asked to. The loop runs `kustomize build` and
`kubeconform -strict` on a sample of the applications' overlays, spread evenly, one after the other and two at a time,
and its time is multiplied up: it does the same for every overlay. Both sides start the same kustomize. kubeconform gets
the schemas of the kinds in use as files, because it has no network; where it is not there, the loop goes without it and
the table says so.

All rows are measured in turn, round after round, so that a busy machine slows every side; the best round is the figure,
the median shows the noise. Processor seconds are those of all processes together. Cold is `--no-cache`; warm is a run
after another; a changed file is one image tag in an overlay, one field of a Deployment in a base, or an AppProject, for
which everything that spans the repository is looked at again. Memory is the largest sum of what all processes hold at
once, shared pages in parts, in a run of its own.

`update` goes to a version that changes a line of every application, and to one that changes nothing; beside it stands
`copier update` of a sample of the applications' layers, one after the other, multiplied up. What is committed between
them is not counted.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from scaffold.render import builders

from . import grown, loop, updating
from .processes import Used, run

_GIT = "[user]\n\tname = Example\n\temail = example@example.com\n[init]\n\tdefaultBranch = main\n"
_PER_TEAM = 20


class _Bench(NamedTuple):
    """Where everything is, and what is run."""

    directory: Path
    command: tuple[str, ...]
    options: tuple[str, ...]
    environment: Mapping[str, str]

    def validate(self, repository: Path, *options: str, memory: bool = False) -> Used:
        command = (*self.command, "validate", str(repository), *self.options, *options)
        return run(command, repository, self.environment, memory=memory)

    def repository(self, applications: int) -> Path:
        """The repository of a size, written when it is first asked for."""
        path = self.directory / f"{applications}"
        if not path.exists():
            _say(f"writing {applications} applications")
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                grown.write(path, grown.Size(applications, _PER_TEAM))
        return path


def main() -> None:
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="gitops-scaffold-bench-", dir=given.directory) as temporary:
        bench = _prepared(Path(temporary), given.kustomize)
        if given.only != "update":
            _compare(bench, given)
            _grow(bench, given)
        if given.only != "validate":
            _update(bench, given)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--applications", type=int, default=1000, help="size of the repository; three overlays each")
    parser.add_argument("--sizes", type=int, nargs="*", default=[100, 1000, 3000], help="applications, for growth")
    parser.add_argument("--sample", type=int, default=60, help="overlays that the loop builds")
    parser.add_argument("--layers", type=int, default=20, help="layers that copier updates")
    parser.add_argument("--only", choices=["validate", "update"], help="leave the other rows out")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kustomize", default="", help="on both sides, in place of what validate takes by itself")
    parser.add_argument("--kubeconform", default=shutil.which("kubeconform") or "")
    parser.add_argument("--directory", type=Path, help="where repositories are written (default: temporary)")
    return parser.parse_args()


def _prepared(directory: Path, asked: str) -> _Bench:
    """A home of its own, so that neither caches nor Git settings of the user play in."""
    config = directory / "gitconfig"
    config.write_text(_GIT)
    own = {"GIT_CONFIG_GLOBAL": str(config), "HOME": str(directory), "XDG_CACHE_HOME": str(directory / "cache")}
    os.environ.update(own)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once, not at every start
    command = (str(Path(sys.executable).with_name("gitops-scaffold")),)
    return _Bench(directory, command, ("--kustomize", asked) if asked else (), dict(os.environ))


def _compare(bench: _Bench, given: argparse.Namespace) -> None:
    """Measure every row, round after round, and print the best."""
    rows = dict(_rows(bench, bench.repository(given.applications), given))
    taken = _rounds(rows, given.rounds)
    beside = "kubeconform" if given.kubeconform else "no kubeconform, which asks for two thirds of the factors"
    name = builders.find(given.kustomize or None).name
    print(f"\n{3 * given.applications:,} overlays, {os.cpu_count()} processors, {name}, {beside}")
    print(f"{'':34}{'seconds':>10}{'median':>10}{'cpu s':>10}{'factor':>10}{'of two':>10}")
    one, two = (min(used.wall for used in taken[name]) for name in (_ONE, _TWO))
    for name, used in taken.items():
        best = min(item.wall for item in used)
        print(_row(name, used) + (f"{one / best:10.1f}{two / best:10.1f}" if name == _COLD else ""))


_ONE, _TWO, _COLD = "the loop, one at a time", "the loop, two at a time", "validate, cold"


def _rows(bench: _Bench, root: Path, given: argparse.Namespace) -> Iterator[tuple[str, Callable[[], Used]]]:
    builder = builders.find(given.kustomize or None)
    schemas = bench.directory / "schemas"
    loop.write_schemas(schemas)
    overlays = loop.sample(root, given.sample)
    scale = 3 * given.applications / len(overlays)

    def looped(jobs: int) -> Used:
        used = run(loop.command(builder, given.kubeconform, schemas, overlays, jobs), root, bench.environment)
        return Used(used.wall * scale, used.cpu * scale)

    changing = _Changing(bench, root)
    yield _ONE, lambda: looped(1)
    yield _TWO, lambda: looped(2)
    yield _COLD, lambda: bench.validate(root, "--no-cache")
    yield "validate, warm", changing.warm
    yield "validate, an overlay changed", changing.overlay
    yield "validate, a base changed", changing.base
    yield "validate, a project changed", changing.project
    yield "--version", lambda: run((*bench.command, "--version"), root, bench.environment)
    yield "add app", changing.add


class _Changing:
    """A repository that is validated before every change."""

    def __init__(self, bench: _Bench, root: Path) -> None:
        self._bench, self._root, self._count = bench, root, 0

    def warm(self) -> Used:
        self._bench.validate(self._root)
        return self._bench.validate(self._root)

    def overlay(self) -> Used:
        return self._changed("apps/*/app-0001/overlays/dev/kustomization.yaml", 'newTag: "1.0.', 'newTag: "1.0.1')

    def base(self) -> Used:
        return self._changed("apps/*/app-0001/base/deployment.yaml", "HistoryLimit: 3", "HistoryLimit: 4")

    def project(self) -> Used:
        return self._changed(
            "teams/team-000/control-plane/dev/appproject.yaml", 'description: "', 'description: "One. '
        )

    def add(self) -> Used:
        self._count += 1
        team = self._root / "teams" / "team-000"
        command = (*self._bench.command, "add", "app", f"new-{self._count}", "--team", team.name)
        return run(command, self._root, self._bench.environment)

    def _changed(self, name: str, old: str, new: str) -> Used:
        path = next(self._root.glob(name))
        text = path.read_text()
        assert old in text
        self.warm()
        path.write_text(text.replace(old, new, 1))
        used = self._bench.validate(self._root)
        path.write_text(text)
        return used


def _grow(bench: _Bench, given: argparse.Namespace) -> None:
    """Cold runs on repositories of several sizes, and the memory that they take."""
    print(f"\n{'overlays of applications':34}{'seconds':>10}{'cpu s':>10}{'cpu ms/overlay':>16}{'MiB':>8}")
    for applications in given.sizes:
        root = bench.repository(applications)
        used = bench.validate(root, "--no-cache")
        memory = bench.validate(root, "--no-cache", memory=True).memory
        each = 1000 * used.cpu / (3 * applications)
        print(f"{3 * applications:<34,}{used.wall:10.2f}{used.cpu:10.2f}{each:16.1f}{memory >> 20:8}")


def _update(bench: _Bench, given: argparse.Namespace) -> None:
    """Measure updates round after round, as the rows before; last, since it takes the repository apart."""
    root = bench.repository(given.applications)
    programs = Path(sys.executable).parent
    prepared = updating.prepared(root, given.applications, programs, bench.environment)
    taken = _rounds(dict(updating.rows(prepared, given.layers)), given.rounds)
    loop_ = min(used.wall for used in taken[updating.LOOP])
    print(f"\n{f'{given.applications:,} applications':34}{'seconds':>10}{'median':>10}{'cpu s':>10}{'factor':>10}")
    for name, used in taken.items():
        print(_row(name, used) + (f"{loop_ / min(item.wall for item in used):10.1f}" if name != updating.LOOP else ""))


def _rounds(rows: Mapping[str, Callable[[], Used]], rounds: int) -> dict[str, list[Used]]:
    taken: dict[str, list[Used]] = {name: [] for name in rows}
    for number in range(rounds):
        for name, measure in rows.items():
            _say(f"round {number + 1} of {rounds}: {name}")
            taken[name].append(measure())
    return taken


def _row(name: str, used: list[Used]) -> str:
    best, cpu = min(item.wall for item in used), min(item.cpu for item in used)
    return f"{name:34}{best:10.2f}{statistics.median(item.wall for item in used):10.2f}{cpu:10.2f}"


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
