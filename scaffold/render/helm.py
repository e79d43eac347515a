"""Helm: a chart and its values to manifests, from a copy outside the tree; no other module starts or loads Helm."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import parse, workers
from scaffold.errors import ScaffoldError
from scaffold.model import Parameter, Release, charts, dig, layered, mapping
from scaffold.render import NotRenderedError, RenderError

_SECONDS = 120
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_SCALAR = re.compile(r"[^\\{}\[\],]*")
_INTEGER = re.compile(r"0|-?[1-9]\d{0,17}")
_WORDS = {"true": True, "false": False, "null": None}
_SEPARATOR = re.compile(r"(?:^|\s*\n)---\s*")  # Helm 4.2, `SplitManifests`: what follows may stand in the same line
_DOCUMENT = re.compile(r"^---\s*$", re.MULTILINE)
_SOURCE = re.compile(r"\s*# Source: (.+)")
_Absent = tuple[Mapping[str, Any], NotRenderedError]
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
        missing = _stage(root, release.chart, chart, cache)
        if missing and not alone:
            raise missing[0][1]
        _leave_out(chart, [dependency for dependency, _ in missing])
        if helm != "library":
            return _binary(helm, root, chart, release)
        if workers.is_first():  # a process that is forked while the library's threads are there may wait for ever
            return workers.apart(_in_worker, (root, chart), [release], "rendering a chart")[0]
        return _library(root, chart, release)


def _in_worker(places: tuple[Path, Path], release: Release) -> str:
    return _library(*places, release)


def _why(error: Exception) -> str:
    """Why a file cannot be read, without its path on this machine; of several files, the first reason."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        return str(error.args[0][0][2]).partition("] ")[2].partition(": ")[0]
    return (error.strerror if isinstance(error, OSError) else "") or str(error)


def _stage(root: Path, directory: str, chart: Path, cache: Path | None) -> list[_Absent]:
    """Copy a chart and put what it depends on into its `charts/`, as `helm dependency build` would.

    Gives what it depends on itself and is not here, with the reason.
    """
    missing: list[_Absent] = []
    try:
        shutil.copytree(root / directory, chart, symlinks=False)
    except (OSError, shutil.Error) as error:
        raise RenderError(f"chart {directory!r} cannot be read, {_why(error)}") from error
    for dependency in _dependencies(chart / "Chart.yaml"):
        name, version = str(dependency.get("name") or ""), str(dependency.get("version") or "")
        repository = str(dependency.get("repository") or "")
        target = chart / "charts" / name
        if target.exists() or (chart / "charts" / f"{name}-{version}.tgz").exists():
            continue
        if beside := charts.local(directory, dependency):
            _check_local(root, directory, beside, dependency)
            if inner := _stage(root, beside, target, cache):
                shutil.rmtree(target)
                missing.append((dependency, inner[0][1]))
        elif reason := _from_cache(chart, name, version, repository, cache):
            missing.append((dependency, reason))
    return missing


def _leave_out(chart: Path, missing: list[Mapping[str, Any]]) -> None:
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
        raise RenderError(f"Chart.yaml cannot be read, {_why(error)}") from error
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


def _binary(helm: str, root: Path, chart: Path, release: Release) -> str:
    command = [helm, "template", release.name, str(chart), "--namespace", release.namespace or "default"]
    command += [] if release.skip_crds else ["--include-crds"]
    for path in release.value_files:
        command += ["--values", str(root / path)]
    if release.kubernetes_version:
        command += ["--kube-version", release.kubernetes_version]
    for version in release.api_versions:
        command += ["--api-versions", version]
    if release.values:
        inline = chart.parent / "inline-values.yaml"
        inline.write_text(json.dumps(release.values))
        command += ["--values", str(inline)]
    for name, value, is_text in release.parameters:
        command += ["--set-string" if is_text else "--set", f"{name}={value}"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise RenderError(f"no result in {_SECONDS} s") from error
    if done.returncode:
        raise RenderError(_clean(done.stderr.decode(errors="replace"), chart, root))
    return done.stdout.decode()


def _clean(printed: str, chart: Path, root: Path) -> str:
    lines = [line for line in printed.splitlines() if line.strip() and not line.startswith(("level=", "WARNING"))]
    text = " ".join(" ".join(lines).split()).removeprefix("Error: ")
    return text.replace(f"{chart}/", "").replace(str(chart), "the chart").replace(f"{root}/", "")


def _library(root: Path, chart: Path, release: Release) -> str:
    """Render in process; the library cannot be told a Kubernetes version, so charts that ask need helm itself."""
    import helm_python  # loads 85 MB, so only where a chart is rendered

    try:
        with helm_python.Chart.load(chart) as loaded:
            if _asks_capabilities(chart):
                raise NotRenderedError("the chart asks for the cluster's capabilities; put helm on PATH")
            rendered = loaded.render(
                _values(root, release), name=release.name, namespace=release.namespace or "default"
            )
            crds = [] if release.skip_crds else [item["data"] for item in loaded.crds]
    except helm_python.HelmError as error:
        raise RenderError(_clean(str(error), chart, root)) from error
    texts = [(path, text) for path, text in sorted(rendered.items()) if _is_manifest(path.rpartition("/")[2])]
    parts = (f"# Source: {path}\n{part}" for path, text in texts for part in _SEPARATOR.split(text))
    return "\n---\n".join([*crds, *parts])  # as the program prints it


def _is_manifest(name: str) -> bool:
    """What of templates/ Helm deploys, whatever its suffix (Helm 4.2, `SortManifests`)."""
    return not name.startswith("_") and name != "NOTES.txt"


def _asks_capabilities(chart: Path) -> bool:
    return any(b".Capabilities" in path.read_bytes() for path in chart.rglob("templates/**/*") if path.is_file())


def _values(root: Path, release: Release) -> dict[str, Any]:
    given = map(_given, release.parameters)
    return layered((*_value_documents(root, release), release.values, *given))


def _given(parameter: Parameter) -> dict[str, Any]:
    """What `--set` makes of a parameter (Helm 4.2, `pkg/strvals`), but for lists, indices and what is escaped."""
    if not _NAME.fullmatch(parameter.name) or not _SCALAR.fullmatch(parameter.value):
        raise NotRenderedError(f"the application sets the Helm parameter {parameter.name!r}; put helm on PATH")
    value: Any = parameter.value if parameter.text else _typed(parameter.value)
    for part in reversed(parameter.name.split(".")):
        value = {part: value}
    return dict(value)


def _typed(text: str) -> object:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    return int(text) if _INTEGER.fullmatch(text) else text


def _value_documents(root: Path, release: Release) -> Iterator[Mapping[str, Any]]:
    for path in release.value_files:
        try:
            documents = parse.documents((root / path).read_text(encoding="utf-8"), path)
        except (OSError, UnicodeDecodeError) as error:
            raise RenderError(f"values file {path!r} cannot be read, {_why(error)}") from error
        yield mapping(documents[0] if documents else None)
