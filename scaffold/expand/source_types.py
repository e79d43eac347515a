"""How Argo CD renders a source directory, and which files a plain one has (Argo CD 3.5.7)."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from typing import Any

from scaffold.expand import globs
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.expand.view import TreeView
from scaffold.model import mapping

_KUSTOMIZATIONS = frozenset(("kustomization.yaml", "kustomization.yml", "Kustomization"))
_MANIFEST = re.compile(r".*\.(yaml|yml|json|jsonnet)", re.DOTALL)
_SKIP_MARKER = "+argocd:skip-file-rendering"


class SourceType(enum.StrEnum):
    """How Argo CD renders a source."""

    HELM = "Helm"
    KUSTOMIZE = "Kustomize"
    DIRECTORY = "Directory"
    PLUGIN = "Plugin"


class SourceError(ValueError):
    """Argo CD refuses the source; the message says why."""


def source_type(source: Mapping[str, Any], view: TreeView) -> SourceType:
    """Tell how a directory of this tree is rendered: what the source says, else what the directory holds.

    The source is one of `used_sources`, with its overrides. A config management plugin that claims a directory by
    itself is not known. Raises SourceError for a source of two types.
    """
    told = [kind for kind in SourceType if source.get(kind.lower()) is not None]
    if len(told) > 1:
        raise SourceError(f"multiple application sources defined: {','.join(told)}")
    if told:
        return told[0]
    return SourceType.HELM if source.get("chart") else _held(view.names_in(directory_of(source)))


def _held(names: list[str]) -> SourceType:
    """The last file in name order decides; `myChart.yaml` counts as a chart."""
    found = SourceType.DIRECTORY
    for name in sorted(names):
        if name.endswith("Chart.yaml"):
            found = SourceType.HELM
        if name in _KUSTOMIZATIONS:
            found = SourceType.KUSTOMIZE
    return found


def directory_files(source: Mapping[str, Any], view: TreeView) -> list[str]:
    """The files that a source of type Directory reads, sorted; the globs' `*` crosses `/`.

    Raises UnverifiableError where a glob has no sure meaning.
    """
    directory = directory_of(source)
    options = mapping(source.get("directory"))
    prefix = f"{directory}/" if directory else ""
    return [path for path in view.files_below(directory) if reads(options, path.removeprefix(prefix))]


def reads(options: Mapping[str, Any], name: str) -> bool:
    """Tell whether a source of type Directory reads a file, by its name from there and its options of `directory`.

    Raises UnverifiableError where a glob has no sure meaning.
    """
    return (options.get("recurse") is True or "/" not in name) and _chosen(name, options)


def is_skipped(text: str) -> bool:
    """Tell whether a file asks Argo CD to leave it out."""
    return _SKIP_MARKER in text


def _chosen(name: str, options: Mapping[str, Any]) -> bool:
    if not _MANIFEST.fullmatch(name):
        return False
    include, exclude = str(options.get("include") or ""), str(options.get("exclude") or "")
    doubt = globs.doubtful(include, name) or globs.doubtful(exclude, name)
    if doubt:
        raise UnverifiableError(doubt)
    return not (exclude and globs.matches(exclude, name)) and (not include or globs.matches(include, name))


def directory_of(source: Mapping[str, Any]) -> str:
    """A source's path without `.`, `./` and a trailing slash; the root is empty."""
    parts = [part for part in str(source.get("path") or "").split("/") if part not in {"", "."}]
    return "/".join(parts)
