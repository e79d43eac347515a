"""What a comparison finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from scaffold.model import Identity


class Danger(NamedTuple):
    """A change that a cluster refuses, or that cannot be taken back: what it is about, and what comes of it.

    `remedy` is what, deployed before, keeps what would be lost; empty where nothing does.
    """

    subject: str
    fact: str
    remedy: str = ""


@dataclass(frozen=True)
class Change:
    """An object that is otherwise afterwards; absent on one side where it comes or goes."""

    identity: Identity
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def verb(self) -> str:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


@dataclass(frozen=True)
class Difference:
    """What changes for one overlay, or for what the engine creates (then `name` is empty).

    `was` is the name that the overlay had before, where its deployer follows it to another directory; `waits` is what
    has to happen until the engine sees it, empty where it follows what changes.
    """

    name: str
    environment: str
    application: str
    gate: str
    changes: tuple[Change, ...] = ()
    dangers: tuple[Danger, ...] = ()
    problem: str = ""
    was: str = ""
    waits: str = ""

    @property
    def title(self) -> str:
        return f"{self.name}, which was {self.was}" if self.was else self.name or "what the engine creates"


@dataclass(frozen=True)
class Comparison:
    """Everything that changes from one state to another; `rendered` counts the overlays that were looked at.

    `notes` say what is not compared, and what changes where nobody follows it.
    """

    before: str
    after: str
    differences: tuple[Difference, ...]
    rendered: int
    overlays: int
    notes: tuple[str, ...] = ()

    @property
    def dangers(self) -> list[tuple[Difference, Danger]]:
        return [(item, danger) for item in self.differences for danger in item.dangers]
