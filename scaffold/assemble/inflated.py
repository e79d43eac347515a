"""Charts that kustomizations render by themselves, with values of their own."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scaffold.assemble import charts, overlays
from scaffold.expand.view import TreeView
from scaffold.model import How, Kustomization, Overlay, Release, Repository, dig, mapping, sequence
from scaffold.model.values import text

_PLAIN = {"apiVersion", "kind", "metadata", "helmGlobals", "helmCharts"}
_KNOWN = frozenset("name releaseName namespace includeCRDs valuesFile additionalValuesFiles valuesInline".split())
_PATH = re.compile(rb"""^[ \t]*(?:-[ \t]+)?path:[ \t]*["']?([^\s"'{}]+)["']?[ \t]*\r?$""", re.MULTILINE)


def directory(item: Kustomization, entry: Mapping[str, Any]) -> str:
    """Where kustomize looks for the chart of an entry of `helmCharts` before it fetches it."""
    home = text(dig(item.manifest.data, "helmGlobals", "chartHome")) or "charts"
    name, version = text(entry.get("name")), text(entry.get("version"))
    inner = f"{name}-{version}" if version and entry.get("repo") else ""
    return posixpath.normpath(posixpath.join(item.directory, home, inner, name))


def taken(repository: Repository, root: Path, view: TreeView) -> set[str]:
    """The charts of this repository that kustomizations render, and those that the templates of these deploy."""
    found: set[str] = set()
    left = {directory(item, entry) for item in repository.kustomizations.values() for entry in _entries(item)}
    while left := (left & repository.charts) - found:
        found |= left
        left = {path for chart in left for path in _named(root, view, chart)}
    return found


def releases(repository: Repository, view: TreeView) -> Iterator[Overlay]:
    """The releases of these charts by kustomizations that do nothing else, which would change what comes out."""
    for item in repository.kustomizations.values():
        for entry in _entries(item) if item.manifest.data.keys() <= _PLAIN else ():
            chart, files = directory(item, entry), list(_values_files(item, entry))
            if chart in repository.charts and entry.keys() <= _KNOWN and repository.paths.issuperset(files):
                yield _release(repository, view, item, entry)


def _release(repository: Repository, view: TreeView, item: Kustomization, entry: Mapping[str, Any]) -> Overlay:
    chart, files = directory(item, entry), tuple(_values_files(item, entry))
    overlay = overlays.placed(chart, How.HELM, repository.conventions, [*charts.read(repository, view, chart), *files])
    release = Release(
        chart=chart,
        name=text(entry.get("releaseName")) or text(entry.get("name")),
        namespace=text(entry.get("namespace")),
        value_files=files,
        values=mapping(entry.get("valuesInline")),
        kubernetes_version=overlay.kubernetes_version,
        skip_crds=entry.get("includeCRDs") is not True,
        label=f"{chart} for {item.directory}",
    )
    return dataclasses.replace(overlay, release=release)


def _values_files(item: Kustomization, entry: Mapping[str, Any]) -> Iterator[str]:
    for told in (entry.get("valuesFile"), *sequence(entry.get("additionalValuesFiles"))):
        if told:
            yield posixpath.normpath(posixpath.join(item.directory, text(told)))


def _entries(item: Kustomization) -> Iterator[Mapping[str, Any]]:
    return map(mapping, sequence(item.manifest.get("helmCharts")))


def _named(root: Path, view: TreeView, chart: str) -> Iterator[str]:
    """The paths that templates of a chart give to Applications, as far as they are no templates themselves."""
    for path in view.everything_below(posixpath.join(chart, "templates")):
        yield from (
            posixpath.normpath(found.decode(errors="replace")) for found in _PATH.findall(_content(root / path))
        )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
