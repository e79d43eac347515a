"""What an engine builds, how, and what comes of it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scaffold.model.manifests import Manifest
from scaffold.model.places import Identity
from scaffold.model.values import group_of


class How(enum.StrEnum):
    """How a directory becomes manifests."""

    KUSTOMIZE = "kustomize"
    HELM = "helm"
    PLAIN = "plain"


class Parameter(NamedTuple):
    """A Helm value that an application sets by its dotted name; `text` keeps it a string."""

    name: str
    value: str
    text: bool


@dataclass(frozen=True)
class Release:
    """What Helm is given: a chart's directory and values files relative to the root, each winning over those before.

    `values` win over the files, `parameters` over `values`.
    """

    chart: str
    name: str
    namespace: str
    value_files: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    kubernetes_version: str = ""
    api_versions: tuple[str, ...] = ()
    skip_crds: bool = False


class RenderedObject(NamedTuple):
    """What is remembered of a rendered manifest."""

    api_version: str
    kind: str
    namespace: str
    name: str
    images: tuple[str, ...] = ()

    @property
    def identity(self) -> Identity:
        return Identity(group_of(self.api_version), self.kind, self.namespace, self.name)


@dataclass(frozen=True)
class Overlay:
    """A directory that an engine builds, or would build: where it belongs, and, once rendered, its manifests.

    `objects` are the identities of what it renders, known in every scope; `manifests` only in the scope `overlay`.
    `release` is there where it is a chart.
    """

    path: str
    how: How
    release: Release | None = None
    environment: str = ""
    team: str = ""
    application: str = ""
    kubernetes_version: str = ""
    reads: tuple[str, ...] = ()
    objects: tuple[RenderedObject, ...] = ()
    manifests: tuple[Manifest, ...] = ()
    error: str = ""
    skipped: str = ""
