"""Helm: a chart and its values to manifests, from a copy outside the tree; nothing else starts or loads Helm."""

from __future__ import annotations

import importlib.util
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import parse, workers
from scaffold.model import Release
from scaffold.render import NotRenderedError, RenderError
from scaffold.render.helm import library, locks, program, staging

_DOCUMENT = re.compile(r"^---\s*$", re.MULTILINE)
_SOURCE = re.compile(r"\s*# Source: (.+)")
_MISSING = "helm is not there; put it on PATH, or install gitops-scaffold[helm]"


def find() -> str:
    """The path of helm, `library` where only the in-process library is there, else nothing."""
    path = shutil.which("helm")
    if path:
        return path
    return "library" if importlib.util.find_spec("helm_python") else ""


class Made(NamedTuple):
    """A document of a release, and the file of the chart that makes it, relative to the chart."""

    item: Any
    file: str


def template(helm: str, root: Path, release: Release, cache: Path | None, *, alone: bool = False) -> list[Made]:
    """The manifests of a release; raises what `text` raises, and RenderError where the result is no YAML."""
    printed = text(helm, root, release, cache, alone=alone)
    return [made for part in _DOCUMENT.split(printed) for made in _parsed(part)]


def _parsed(part: str) -> Iterator[Made]:
    source = _SOURCE.match(part)
    file = source[1].partition("/")[2] if source else ""
    try:
        yield from (Made(item, file) for item in parse.parse(part).documents if item is not None)
    except parse.YamlError as error:
        what = f"what {file!r} makes" if file else "the result"
        raise RenderError(f"{what} is not YAML, {error.problem} in line {error.line} of it") from error


def text(helm: str, root: Path, release: Release, cache: Path | None, *, alone: bool = False) -> str:
    """What `helm template` prints for a release; `alone` without the charts that it depends on and that are not here.

    `cache` is Helm's repository cache, which is read and never filled. Raises NotRenderedError where Helm or a chart is
    not there, RenderError where Helm refuses.
    """
    if not helm:
        raise NotRenderedError(_MISSING)
    with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as temporary:
        chart = Path(temporary) / "chart"
        if not alone:
            locks.check(root / release.chart)
        missing = staging.stage(root, release.chart, chart, cache)
        if missing and not alone:
            raise missing[0][1]
        staging.leave_out(chart, [dependency for dependency, _ in missing])
        if helm != "library":
            return program.render(helm, root, chart, release)
        if workers.is_first():  # a process that is forked while the library's threads are there may wait for ever
            return workers.apart(_in_worker, (root, chart), [release], "rendering a chart")[0]
        return library.render(root, chart, release)


def _in_worker(places: tuple[Path, Path], release: Release) -> str:
    return library.render(*places, release)
