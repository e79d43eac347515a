"""Directories that Argo CD takes for a chart: what Helm is given, and what it will read."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from scaffold.assemble import chart_options, overlays, tagged
from scaffold.expand.view import TreeView
from scaffold.model import Application, How, Overlay, Release, Repository, Source, mapping, sequence
from scaffold.model.charts import dependencies, local

_MOST = 1000  # releases of one chart
_VALUES = re.compile(r"values[-._][\w.-]+\.ya?ml|[\w.-]+[-._]values\.ya?ml")

_EXAMPLES = (".example", ".sample", ".dist", ".template", ".tpl")


def planned(repository: Repository, view: TreeView, applications: Iterable[Application]) -> Iterator[Overlay]:
    """An overlay for every chart that some applications deploy from this repository; a rule tells of a missing path."""
    for application in applications:
        for source in application.sources:
            if source.how is How.HELM and not source.ref and source.path in repository.directories:
                yield _overlay(repository, view, application, source)


def label(path: str, application: Application) -> str:
    """What tells the release of a chart by an application from other releases of that chart."""
    made = f" of {application.variant}" if application.variant not in ("", ".") else ""
    return f"{path} for {application.name}{made}"


def told_apart(repository: Repository, view: TreeView, outside: Container[str]) -> dict[str, Overlay]:
    """The overlays of all charts by name; the last release of each chart is called like the chart's directory.

    `outside` are the variants of applications that a chart makes which somebody else installs.
    """
    followed = [(a, overlay) for a in repository.applications for overlay in planned(repository, view, [a])]
    pairs = [*_ahead(repository, view), *followed]
    last = {overlay.path: application for application, overlay in pairs}
    named = (_named(overlay, a, outside, last=last[overlay.path] is a) for a, overlay in pairs)
    return {overlay.name: overlay for overlay in _fewer(named)}


def _ahead(repository: Repository, view: TreeView) -> Iterator[tuple[Application, Overlay]]:
    """The releases of applications that follow a tag, as the next one will have them; files that are gone tell none."""
    for application in repository.applications:
        moved = tagged.moved(application, view)
        for overlay in planned(repository, view, [moved]) if moved else ():
            if overlay.release and repository.paths.issuperset(overlay.release.value_files):
                yield application, overlay


def _fewer(overlays: Iterable[Overlay]) -> Iterator[Overlay]:
    """As many releases of each chart as can be rendered in a while; the others are said to be left out."""
    counts: Counter[str] = Counter()
    for overlay in overlays:
        counts[overlay.path] += 1
        many = counts[overlay.path] > _MOST
        yield dataclasses.replace(overlay, skipped=f"one of more than {_MOST:,} releases of it") if many else overlay


def left_out(planned: Mapping[str, Overlay], charts: Container[str]) -> dict[str, Overlay]:
    """The releases of charts that make more applications than are followed, which are said not to be looked at."""
    wanted = {name: overlay for name, overlay in planned.items() if overlay.release and overlay.path in charts}
    reason = "makes more applications than are followed"
    return {name: dataclasses.replace(overlay, skipped=reason) for name, overlay in wanted.items()}


def _named(overlay: Overlay, application: Application, outside: Container[str], *, last: bool) -> Overlay:
    assert overlay.release is not None
    own = "" if last else label(overlay.path, application)
    release = dataclasses.replace(overlay.release, label=own, open=application.variant in outside)
    return dataclasses.replace(overlay, release=release)


def alone(repository: Repository, view: TreeView, directory: str) -> Iterator[Overlay]:
    """The releases of a chart that nothing here deploys: whoever installs it adds one of the files of values beside it.

    It has its own values alone where no such file is there, and those of an example where it has none of its own.
    """
    name = posixpath.basename(directory) or "release"
    beside = sorted(path for path in repository.files if posixpath.dirname(path) == directory)
    files = [path for path in beside if _VALUES.fullmatch(posixpath.basename(path))]
    files = files or list(_examples(repository, directory))
    reads = read(repository, view, directory)
    for path in files or [""]:
        overlay = overlays.placed(directory, How.HELM, repository.conventions, reads)
        own = f"{directory} for {posixpath.basename(path)}" if len(files) > 1 else ""
        release = Release(
            chart=directory,
            name=name,
            namespace=repository.conventions.argocd_namespace,
            value_files=(path,) if path else (),
            kubernetes_version=overlay.kubernetes_version,
            label=own,
            alone=True,
        )
        yield dataclasses.replace(overlay, release=release)


def _examples(repository: Repository, directory: str) -> Iterator[str]:
    """The example to copy of a chart whose own values are not kept in Git."""
    own = posixpath.join(directory, "values.yaml")
    if own not in repository.paths:
        yield from [path for ending in _EXAMPLES if (path := f"{own}{ending}") in repository.paths][:1]


def unused(repository: Repository, applications: Iterable[Application]) -> list[str]:
    """The charts of this repository that no application, no release of Flux and no other chart takes."""
    taken = {source.path for application in applications for source in application.sources}
    taken |= {other for chart in repository.charts for other in _local_charts(repository, chart)}
    releases = repository.manifests("helm.toolkit.fluxcd.io/HelmRelease")
    taken |= {posixpath.normpath(_text(item.get("spec", "chart", "spec", "chart"))) for item in releases}
    within = {chart for chart in repository.charts if posixpath.basename(posixpath.dirname(chart)) == "charts"}
    inner = {chart for chart in within if posixpath.dirname(posixpath.dirname(chart)) in repository.charts}
    fleets = {posixpath.dirname(path) for path in repository.files if posixpath.basename(path) == "fleet.yaml"}
    return sorted(repository.charts - taken - inner - fleets)


def read(repository: Repository, view: TreeView, directory: str) -> list[str]:
    """The files of a chart, and of those here that it depends on."""
    charts = (directory, *_local_charts(repository, directory))
    return list(dict.fromkeys(path for chart in charts for path in view.everything_below(chart)))


def _overlay(repository: Repository, view: TreeView, application: Application, source: Source) -> Overlay:
    options = mapping(source.options.get("helm"))
    files = tuple(_value_files(repository, application, source, options))
    far = next((text for text in _listed(options) if _is_far(application, text)), "")
    reads = dict.fromkeys((*read(repository, view, source.path), *files))
    overlay = overlays.placed(source.path, How.HELM, repository.conventions, reads)
    name = _text(options.get("releaseName")) or application.name
    release = Release(
        chart=source.path,
        name=name,
        namespace=_text(options.get("namespace")) or application.destination_namespace,
        value_files=files,
        values=chart_options.values(options),
        parameters=tuple(chart_options.parameters(options)),
        kubernetes_version=_text(options.get("kubeVersion")) or overlay.kubernetes_version,
        api_versions=tuple(v for v in sequence(options.get("apiVersions")) if isinstance(v, str)),
        skip_crds=options.get("skipCrds") is True,
    )
    # Helm takes such a name for a template; what no generator filled in is none.
    unnamed = f"the name of its release is {name!r}" if "{{" in name else ""
    skipped = f"its values {far!r} are in another repository" if far else unnamed
    return dataclasses.replace(overlay, release=release, skipped=skipped)


def _value_files(
    repository: Repository, application: Application, source: Source, options: Mapping[str, Any]
) -> Iterator[str]:
    """Paths of the values files; a missing one stays in, for Helm to complain, unless the source says to ignore it."""
    for text in _listed(options):
        if _is_far(application, text):
            continue
        start, rest = (source.home, text.lstrip("/")) if text.startswith("/") else (source.path, text)
        if referred := _referred(application, text):
            start, rest = referred.home, text.partition("/")[2]
        path = posixpath.normpath(posixpath.join(start, rest))
        if path in repository.paths or not options.get("ignoreMissingValueFiles"):
            yield path


def _listed(options: Mapping[str, Any]) -> Iterator[str]:
    return (text for text in sequence(options.get("valueFiles")) if isinstance(text, str))


def _is_far(application: Application, text: str) -> bool:
    """Tell whether a file of values is not here: it has an address, or is of a source that is another repository."""
    return "://" in text or (text.startswith("$") and _referred(application, text) is None)


def _referred(application: Application, text: str) -> Source | None:
    """The source of this repository that `$ref/…` counts from the root of."""
    name = text.removeprefix("$").partition("/")[0]
    found = (item for item in application.sources if text.startswith("$") and item.ref == name)
    return next((item for item in found if item.here), None)


def _local_charts(repository: Repository, directory: str) -> Iterator[str]:
    """The charts of this repository that a chart depends on."""
    file = repository.files.get(posixpath.join(directory, "Chart.yaml"))
    document = file.documents[0] if file and file.documents else None
    found = (local(directory, item) for item in dependencies(document))
    yield from (chart for chart in found if chart)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
