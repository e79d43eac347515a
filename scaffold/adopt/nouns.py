"""What is adopted, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scaffold.staging import Content

Objects = list[Mapping[str, Any]]
HEAD = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}  # of one that is written


@dataclass(frozen=True)
class Release:
    """How Helm deploys what is adopted: the release's name, its namespace, the values files of each environment.

    `repository` is where a packaged chart comes from; one that is a directory is kept in the fleet.
    """

    name: str = ""
    namespace: str = ""
    repository: str = ""
    values: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """The files of an application below its directory, and others by their path in the repository.

    `before` is what each environment is given now; `answers` are those of the layer.
    """

    files: Mapping[str, Content]
    before: Mapping[str, Objects]
    answers: Mapping[str, Any]
    others: Mapping[str, Content] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
