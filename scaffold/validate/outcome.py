"""The nouns of validation: what it is asked, what it starts from, and what it found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scaffold.cache import Cache
from scaffold.discover import Tree
from scaffold.model import LocatedFinding, Skipped
from scaffold.render.builders import Builder
from scaffold.settings import Settings


@dataclass(frozen=True)
class Options:
    """How to validate; directories are absolute, `cache` is None to keep nothing, `jobs` counts processes.

    `beside` are other repositories that are looked at together with the one that is validated.
    """

    kustomize: str = ""
    cache: Path | None = None
    helm_cache: Path | None = None
    jobs: int = 2
    changed_since: str = ""
    require_rendered: bool = False
    profile: str = ""
    beside: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Summary:
    """What the findings cover; `renderer` says which kustomize built the overlays, `known` counts a baseline's."""

    files: int
    overlays: int
    objects: int
    skipped: tuple[Skipped, ...]
    renderer: str
    unchanged: int = 0
    known: int = 0


@dataclass(frozen=True)
class Report:
    """The findings of one run, sorted, and what they cover.

    `unseen` are the files of which some overlay was not rendered, so that silence about them means little.
    """

    findings: tuple[LocatedFinding, ...]
    summary: Summary
    unseen: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Prepared:
    """What a run starts from: everything that can be known without reading the files."""

    tree: Tree
    settings: Settings
    builder: Builder
    cache: Cache
    options: Options
