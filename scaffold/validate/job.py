"""What a worker is given to render and check overlays, and what it gives back of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scaffold.model import Finding, LocatedFinding, Refusal, RenderedObject, Repository
from scaffold.render import builders
from scaffold.rules import Rule


@dataclass(frozen=True)
class Rendered:
    """What one overlay gave, small enough to be kept.

    `unsettled` are findings that what other overlays render may settle. Most of them it does, and to trace one takes a
    build, so they have no place in a file yet. `told` names what of the objects bears on the rest of the repository,
    `taken` are the values that a chart takes.
    """

    objects: tuple[RenderedObject, ...] = ()
    findings: tuple[LocatedFinding, ...] = ()
    unsettled: tuple[Finding, ...] = ()
    refused: tuple[Refusal, ...] = ()
    error: str = ""
    skipped: str = ""
    told: str = ""
    values_read: tuple[tuple[str, ...], ...] | None = None

    @property
    def bearing(self) -> str:
        """A name for all that the rules of the whole repository see of it."""
        return f"{self.told} {self.error!r} {self.skipped!r} {self.refused!r} {self.values_read!r}"


@dataclass(frozen=True)
class Job:
    """What a worker needs; `repository` has the kustomizations of the overlays that are built."""

    repository: Repository
    root: Path
    rules: Sequence[Rule]
    builder: builders.Builder
    helm_program: str
    helm_cache: Path | None
