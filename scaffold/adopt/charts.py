"""Charts that Helm deploys from a directory become umbrellas: the same release, the same values, one key deeper."""

from __future__ import annotations

import posixpath
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scaffold import edit, parse, staging
from scaffold.adopt.nouns import Made, Objects, Release
from scaffold.errors import ScaffoldError
from scaffold.model import Release as Rendered
from scaffold.model import dig, layered, mapping
from scaffold.render import NotRenderedError, RenderError, helm
from scaffold.staging import Content

_UP = "../../../../../charts"  # from an overlay of a fleet repository


@contextmanager
def unpacked(archive: Path) -> Iterator[Path]:
    """The chart in an archive, as a directory for a while; raises ScaffoldError where it holds none."""
    with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as directory:
        try:
            with tarfile.open(archive) as packed:
                packed.extractall(directory, filter="data")
        except (tarfile.TarError, OSError) as error:
            raise ScaffoldError(f"{str(archive)!r} cannot be unpacked, {error}; pull the chart again") from error
        found = next(Path(directory).glob("*/Chart.yaml"), None)
        if found is None:
            raise ScaffoldError(f"{str(archive)!r} holds no chart; name one as 'helm pull' writes it")
        yield found.parent


def made(chart: Path, team: str, environments: Sequence[str], release: Release, cache: Path | None) -> Made:
    """The application, its answers and the chart itself, without what the template writes.

    Raises ScaffoldError where the chart cannot be rendered as it is deployed now.
    """
    data = _document(chart / "Chart.yaml")
    chart_name, version = str(dig(data, "name")), str(dig(data, "version"))
    given = {name: release.values.get(name, ()) for name in environments}
    first = {paths[0] for paths in given.values() if paths}
    common = first.pop() if len(first) == 1 and all(given.values()) else None
    files = {"base/values.yaml": _nested([common] if common else [], chart_name)}
    for environment, paths in given.items():
        own = [path for path in paths if path != common]
        files[f"overlays/{environment}/values.yaml"] = _nested(own, chart_name)
    answers = {
        "source": "chart",
        "chart_name": chart_name,
        "chart_version": version,
        "chart_repository": release.repository or f"file://{_UP}/{chart_name}",
    }
    before = {environment: _before(chart, team, environment, release, cache) for environment in environments}
    kept = {} if release.repository else staging.tree(chart)
    others = {posixpath.join("charts", chart_name, path): content for path, content in kept.items()}
    return Made(files, before, answers, others)


def named(contents: Mapping[str, Content], release: str) -> dict[str, Content]:
    """The files with the release's name where Argo CD reads it."""
    made = dict(contents)
    for path, content in contents.items():
        if path.endswith("/.argocd-source.yaml"):
            change = edit.Set(0, ("helm", "releaseName"), release)
            made[path] = content._replace(data=edit.changed(content.data, [change], path))
    return made


def rendered(root: Path, layer: str, environment: str, team: str, release: Release, cache: Path | None) -> Objects:
    """What the umbrella of an environment renders to, in the namespace of the team."""
    overlay = posixpath.join(layer, "overlays", environment)
    files = (posixpath.join(layer, "base/values.yaml"), f"{overlay}/values.yaml")
    return _template(root, Rendered(overlay, release.name, f"{team}-{environment}", files), cache)


def _before(chart: Path, team: str, environment: str, release: Release, cache: Path | None) -> Objects:
    """What Helm deploys now; where nobody says to which namespace, it is the one that the application will have."""
    files = tuple(str(path.resolve()) for path in release.values.get(environment, ()))
    namespace = release.namespace or f"{team}-{environment}"
    return _template(chart.parent, Rendered(chart.name, release.name, namespace, files), cache)


def _template(root: Path, release: Rendered, cache: Path | None) -> Objects:
    try:
        return [made.item for made in helm.template(helm.find(), root, release, cache)]
    except (RenderError, NotRenderedError) as error:
        raise ScaffoldError(f"chart {release.chart!r} cannot be rendered, {error}; mend that, then adopt it") from error


def _document(path: Path) -> Any:
    found = parse.documents(path.read_text(encoding="utf-8"), path.name)
    return found[0] if found else None


def _nested(paths: Sequence[Path], key: str) -> Content:
    """Values below the chart's name: of one file every line as it is but for its indentation, of several what wins."""
    if len(paths) == 1:
        text = paths[0].read_text(encoding="utf-8-sig")
        deeper = f"{key}:\n" + "".join(f"  {line}" if line.strip() else line for line in text.splitlines(keepends=True))
        data = _document(paths[0])
        if mapping(data) and _is_same(deeper, {key: data}):
            return Content(deeper.encode())
    layers = [mapping(_document(path)) for path in paths]
    return Content(parse.written({key: layered(layers)}).encode())


def _is_same(text: str, data: Mapping[str, Any]) -> bool:
    try:
        return parse.parse(text).documents == [data]
    except parse.YamlError:
        return False
