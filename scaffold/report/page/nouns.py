"""What the page shows, as plain values; whoever makes the page fills them in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from scaffold.model import LocatedFinding


class Stage(NamedTuple):
    """An environment in promotion order."""

    name: str
    stage: int
    cluster: str
    gate: str


class Version(NamedTuple):
    """One promotable: an image or a chart by its short name, and the tag, digest or chart version."""

    name: str
    text: str


class Change(NamedTuple):
    """The commit that brought something: its date as YYYY-MM-DD, its short name, its author, its subject."""

    date: str
    commit: str
    author: str
    subject: str


@dataclass(frozen=True)
class Cell:
    """An application in an environment.

    `behind` and `ahead` name what the environment before has that is later, or earlier; `age` and `lag` count days,
    `lag` those for which the environment before has had the later version.
    """

    environment: str
    name: str
    versions: tuple[Version, ...] = ()
    since: Change | None = None
    age: int | None = None
    behind: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    lag: int | None = None
    gate: str = "auto"
    waits: str = ""
    owners: tuple[str, ...] = ()
    releasers: tuple[str, ...] = ()
    window: str = ""
    path: str = ""
    destination: str = ""
    findings: int = 0

    @property
    def version(self) -> str:
        """The versions in one line: bare where there is one, with names where there are several."""
        if len(self.versions) == 1:
            return self.versions[0].text
        return ", ".join(f"{version.name} {version.text}" for version in self.versions)


@dataclass(frozen=True)
class Row:
    """One application of a team in all its environments, by the environment's name."""

    team: str
    application: str
    cells: dict[str, Cell] = field(default_factory=dict)


class Role(NamedTuple):
    """Who may do what with the applications of a project."""

    project: str
    role: str
    groups: tuple[str, ...]
    actions: tuple[str, ...]


class Node(NamedTuple):
    """A box of the graph: its column counts from the left, its row from the top."""

    id: str
    label: str
    kind: str
    column: int
    row: int


class Graph(NamedTuple):
    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Overview:
    """Everything on the page; `others` are applications that serve no environment, as a root does."""

    title: str
    engine: str
    repository: str
    head: Change | None
    today: str
    environments: tuple[Stage, ...]
    rows: tuple[Row, ...]
    others: tuple[str, ...]
    roles: tuple[Role, ...]
    findings: tuple[LocatedFinding, ...]
    skipped: tuple[str, ...]
    graph: Graph

    @property
    def elsewhere(self) -> str:
        """The others in one line, each name once: where every cluster has an engine of its own, there are several."""
        counted = sorted(Counter(self.others).items())
        return ", ".join(f"{name} ({count})" if count > 1 else name for name, count in counted)
