"""The settings as text: what was inferred, with why each line stands there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from scaffold import settings
from scaffold.infer.addresses import Addresses, repository_url
from scaffold.infer.layout import Layout
from scaffold.infer.stages import Stage
from scaffold.model import Repository

_HEAD = """\
# yaml-language-server: $schema={}
# What `gitops-scaffold validate` holds this repository to, as it was inferred; correct what is wrong.
"""


def text(repository: Repository, layout: Layout, environments: Sequence[Stage], clusters: Addresses) -> str:
    """The whole file."""
    head = _HEAD.format(settings.schema()["$id"])
    body = [*_top(repository, clusters), *_paths(layout), *_stages(environments, clusters), *_clusters(clusters)]
    return head + "".join(f"{line}\n" for line in body)


def _top(repository: Repository, clusters: Addresses) -> Iterator[str]:
    if engine := _engine(repository):
        yield f"engine: {engine}"
    yield "# strict holds it to the layout that `gitops-scaffold new` writes, security hardens what it deploys."
    yield "profile: default"
    if url := repository_url(repository):
        yield f"repository: {_quoted(url)}"
    if clusters.control_plane and not clusters.open:
        yield f"control_plane: {_quoted(clusters.control_plane)}"
    yield "# Minor version of Kubernetes where a cluster names none; the newest where nothing is said."
    yield '# kubernetes: "1.34"'


def _engine(repository: Repository) -> str:
    """The only engine that has objects here."""
    found = [
        *(["argocd"] if repository.applications or repository.sets else []),
        *(["flux"] if repository.flux else []),
    ]
    return found[0] if len(found) == 1 else ""


def _paths(layout: Layout) -> Iterator[str]:
    if layout.paths:
        yield "# Where overlays stand; the first that fits a directory says where it belongs."
        yield "paths:"
        yield from (f"  - {_quoted(path)}" for path in layout.paths)


def _stages(environments: Sequence[Stage], clusters: Addresses) -> Iterator[str]:
    if environments:
        yield "# In promotion order; environments of one stage are promoted to together."
        yield "environments:"
    for item in environments:
        yield f"  - name: {_quoted(item.name)}"
        yield f"    stage: {item.stage}" + ("" if item.told else " # its name does not say which")
        if item.cluster:
            yield f"    {'# ' if clusters.open else ''}cluster: {_quoted(item.cluster)}"
        yield f"    gate: {item.gate}"


def _clusters(clusters: Addresses) -> Iterator[str]:
    if clusters.known and clusters.open:
        yield "# Generators choose among the clusters of Argo CD; list them all, with their labels, before this counts."
    mark = "# " if clusters.open else ""
    if clusters.known:
        yield f"{mark}clusters:"
    for name, server in clusters.known.items():
        yield f"{mark}  - name: {_quoted(name)}"
        if server:
            yield f"{mark}    server: {_quoted(server)}"


def _quoted(text_: str) -> str:
    return json.dumps(text_)
