"""A copy of a chart outside the tree, with the charts that it depends on."""

from __future__ import annotations

import glob
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scaffold import parse
from scaffold.errors import ScaffoldError
from scaffold.model import charts, dig, mapping
from scaffold.render import NotRenderedError, RenderError
from scaffold.render.helm import reasons

_POINTER = b"version https://git-lfs.github.com/spec/"
_Absent = tuple[Mapping[str, Any], NotRenderedError]


def stage(root: Path, directory: str, chart: Path, cache: Path | None) -> list[_Absent]:
    """Copy a chart and put what it depends on into its `charts/`, as `helm dependency build` would.

    Gives what it depends on itself and is not here, with the reason.
    """
    missing: list[_Absent] = []
    try:
        shutil.copytree(root / directory, chart, symlinks=False)
    except (OSError, shutil.Error) as error:
        raise RenderError(f"chart {directory!r} cannot be read, {reasons.unread(error)}") from error
    for dependency in _dependencies(chart / "Chart.yaml"):
        name, version = str(dependency.get("name") or ""), str(dependency.get("version") or "")
        repository = str(dependency.get("repository") or "")
        target = chart / "charts" / name
        if pointers := list(_pointers(chart / "charts", name)):
            for path in pointers:
                path.unlink()
            fact = f"chart {name!r} is in Git LFS and not here; get it with 'git lfs pull'"
            missing.append((dependency, NotRenderedError(fact)))
            continue
        if target.exists() or (chart / "charts" / f"{name}-{version}.tgz").exists():
            continue
        if beside := charts.local(directory, dependency):
            _check_local(root, directory, beside, dependency)
            if inner := stage(root, beside, target, cache):
                shutil.rmtree(target)
                missing.append((dependency, inner[0][1]))
        elif reason := _from_cache(chart, name, version, repository, cache):
            missing.append((dependency, reason))
    return missing


def _pointers(directory: Path, name: str) -> Iterator[Path]:
    """The archives of a chart that are no more than what Git LFS puts in the place of one."""
    for path in directory.glob(f"{glob.escape(name)}-*.tgz"):
        with path.open("rb") as opened:
            if opened.read(len(_POINTER)) == _POINTER:
                yield path


def leave_out(chart: Path, missing: list[Mapping[str, Any]]) -> None:
    """Write a chart that does not depend on some charts."""
    if missing:
        path = chart / "Chart.yaml"
        told = mapping(parse.documents(path.read_text(encoding="utf-8"), path.name)[0])
        left = [item for item in charts.dependencies(told) if item not in missing]
        path.write_text(json.dumps({**told, "dependencies": left}, default=str))
        (chart / "Chart.lock").unlink(missing_ok=True)


def _dependencies(path: Path) -> list[Mapping[str, Any]]:
    try:
        documents = parse.documents(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError, ScaffoldError) as error:
        raise RenderError(f"Chart.yaml cannot be read, {reasons.unread(error)}") from error
    return charts.dependencies(documents[0] if documents else None)


def _check_local(root: Path, directory: str, target: str, dependency: Mapping[str, Any]) -> None:
    """Raise RenderError where no chart is at a path relative to the root, or another version than is asked for."""
    name, version = str(dependency.get("name") or ""), str(dependency.get("version") or "")
    repository = str(dependency.get("repository") or "")
    if _ups(target) > _ups(directory) or not (root / target / "Chart.yaml").is_file():
        raise RenderError(f"chart {name!r} is not at {repository!r}")
    found = parse.documents((root / target / "Chart.yaml").read_text(encoding="utf-8"), f"{target}/Chart.yaml")
    there = str(dig(found[0] if found else None, "version"))
    if version and version[0].isdigit() and there != version:
        raise RenderError(f"chart {name!r} at {target!r} has version {there}, and {version} is asked for")


def _ups(path: str) -> int:
    """How many directories a path goes up: those of a repository beside the root begin with so many `..`."""
    return path.split("/").count("..")


def _from_cache(chart: Path, name: str, version: str, repository: str, cache: Path | None) -> NotRenderedError | None:
    """Take a chart from the cache; what it gives is why that cannot be."""
    archive = cache / f"{name}-{version}.tgz" if cache else None
    if archive is None or not archive.is_file():
        return NotRenderedError(f"chart {name} {version} of {repository} is not in Helm's cache; run `helm pull` once")
    (chart / "charts").mkdir(exist_ok=True)
    shutil.copy(archive, chart / "charts")
    return None
