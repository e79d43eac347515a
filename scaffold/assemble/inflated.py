"""Charts that kustomizations render by themselves, with values of their own."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scaffold.expand.view import TreeView
from scaffold.model import Kustomization, Repository, dig, mapping, sequence
from scaffold.model.values import text

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
