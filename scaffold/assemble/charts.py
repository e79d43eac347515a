"""Directories that Argo CD takes for a chart: what Helm is given, and what it will read."""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scaffold import parse
from scaffold.assemble import overlays
from scaffold.expand.view import TreeView
from scaffold.model import Application, How, Overlay, Parameter, Release, Repository, Source, dig, mapping, sequence

_LOCAL = "file://"


def planned(repository: Repository, view: TreeView, applications: Iterable[Application]) -> Iterator[Overlay]:
    """An overlay for every chart that some applications deploy from this repository; a rule tells of a missing path."""
    for application in applications:
        for source in application.sources:
            if source.how is How.HELM and not source.ref and source.path in repository.directories:
                yield _overlay(repository, view, application, source)


def _overlay(repository: Repository, view: TreeView, application: Application, source: Source) -> Overlay:
    options = mapping(source.options.get("helm"))
    files = tuple(_value_files(repository, source, options))
    charts = (source.path, *_local_charts(repository, source.path))
    reads = dict.fromkeys((*(path for chart in charts for path in view.everything_below(chart)), *files))
    overlay = overlays.placed(source.path, How.HELM, repository.conventions, reads)
    release = Release(
        chart=source.path,
        name=_text(options.get("releaseName")) or application.name,
        namespace=_text(options.get("namespace")) or application.destination_namespace,
        value_files=files,
        values=_values(options),
        parameters=tuple(_parameters(options)),
        kubernetes_version=_text(options.get("kubeVersion")) or overlay.kubernetes_version,
        api_versions=tuple(v for v in sequence(options.get("apiVersions")) if isinstance(v, str)),
        skip_crds=options.get("skipCrds") is True,
    )
    return dataclasses.replace(overlay, release=release)


def _value_files(repository: Repository, source: Source, options: Mapping[str, Any]) -> Iterator[str]:
    """Paths of the values files; a missing one stays in, for Helm to complain, unless the source says to ignore it."""
    for text in sequence(options.get("valueFiles")):
        if not isinstance(text, str) or "://" in text or text.startswith("$"):
            continue
        start, rest = (source.home, text.lstrip("/")) if text.startswith("/") else (source.path, text)
        path = posixpath.normpath(posixpath.join(start, rest))
        if path in repository.paths or not options.get("ignoreMissingValueFiles"):
            yield path


def _values(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Inline values; `values` is a text, which `valuesObject` replaces."""
    if options.get("valuesObject"):
        return mapping(options["valuesObject"])
    try:
        documents = parse.parse(_text(options.get("values"))).documents
    except parse.YamlError:
        return {}
    return mapping(documents[0]) if documents else {}


def _parameters(options: Mapping[str, Any]) -> Iterator[Parameter]:
    """Commas are escaped as Argo CD 3.5 does, which would else begin the next parameter."""
    for item in sequence(options.get("parameters")):
        name, value = dig(item, "name"), dig(item, "value")
        if isinstance(name, str):
            text = value if isinstance(value, str) else ""
            escaped = text if text.startswith("{") and text.endswith("}") else text.replace(",", "\\,")
            yield Parameter(name, escaped, dig(item, "forceString") is True)


def _local_charts(repository: Repository, directory: str) -> Iterator[str]:
    """The charts of this repository that a chart depends on."""
    file = repository.files.get(posixpath.join(directory, "Chart.yaml"))
    document = file.documents[0] if file and file.documents else None
    for item in sequence(dig(document, "dependencies")):
        address = _text(dig(item, "repository"))
        if address.startswith(_LOCAL):
            yield posixpath.normpath(posixpath.join(directory, address.removeprefix(_LOCAL)))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
