"""What a reporter is given: the shape of validate's report, so that neither imports the other."""

from __future__ import annotations

from typing import Protocol

from scaffold.model import LocatedFinding, Skipped


class Covered(Protocol):
    """How much was looked at."""

    @property
    def files(self) -> int: ...
    @property
    def overlays(self) -> int: ...
    @property
    def objects(self) -> int: ...
    @property
    def skipped(self) -> tuple[Skipped, ...]: ...
    @property
    def renderer(self) -> str: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def known(self) -> int: ...


class Outcome(Protocol):
    """Sorted findings and what they cover."""

    @property
    def findings(self) -> tuple[LocatedFinding, ...]: ...
    @property
    def summary(self) -> Covered: ...
