"""What a Chart.yaml says of the charts that it depends on."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from scaffold.model.values import dig, mapping, sequence, text

_LOCAL = "file://"


def dependencies(chart: Any) -> list[Mapping[str, Any]]:
    """The entries of a Chart.yaml's document, each with `name`, `version`, `repository` and perhaps `alias`."""
    return [mapping(item) for item in sequence(dig(chart, "dependencies"))]


def local(directory: str, dependency: Mapping[str, Any]) -> str:
    """The directory of a dependency beside the chart of a directory, from the root; empty for one of a repository."""
    address = text(dependency.get("repository"))
    if not address.startswith(_LOCAL):
        return ""
    return posixpath.normpath(posixpath.join(directory, address.removeprefix(_LOCAL)))
