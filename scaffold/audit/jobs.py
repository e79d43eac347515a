"""What a CI system runs, in one form for all systems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import parse
from scaffold.audit.shell import Script
from scaffold.model import Location, Spot


class Call(NamedTuple):
    """A ready-made step: an action, a task, an orb's command or job, a pipe, a step of a plugin."""

    name: Spot
    inputs: Mapping[str, Any]


class Remark(NamedTuple):
    """A pattern that a system's own keys show, without a command: its id, where, and what shows it."""

    pattern: str
    place: Location
    subject: str


@dataclass
class Job:
    """What one runner does in order; `texts` is every text of the job, in which names of secrets are looked for."""

    system: str
    name: str
    place: Location
    scripts: list[Script] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    images: list[Spot] = field(default_factory=list)
    texts: list[Spot] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    runner: str = ""
    untrusted: bool = False


@dataclass(frozen=True)
class Sources:
    """The files of a repository by path, read when they are asked for."""

    root: Path
    paths: frozenset[str]
    directories: frozenset[str]

    def text(self, path: str) -> str | None:
        """The text of a file, or None where it is none; bytes that are no UTF-8 are replaced."""
        if path not in self.paths:
            return None
        return (self.root / path).read_text(encoding="utf-8-sig", errors="replace")

    def spot(self, path: str) -> Spot | None:
        text = self.text(path)
        return None if text is None else Spot.whole(text, path)

    def yaml(self, path: str) -> Any:
        """The first document of a YAML file; None where there is none, or where it is no YAML."""
        documents = self.documents(path)
        return documents[0] if documents else None

    def documents(self, path: str) -> list[Any]:
        text = self.text(path)
        if text is None:
            return []
        try:
            return parse.spots(text, path)
        except parse.YamlError:
            return []


def texts(value: Any) -> Iterator[Spot]:
    """Every text in a value, keys included."""
    pending = [value]
    seen: set[int] = set()
    while pending:
        item = pending.pop()
        if isinstance(item, Spot):
            yield item
        elif isinstance(item, parse.Tagged):
            pending.append(item.value)
        elif id(item) not in seen:
            seen.add(id(item))
            if isinstance(item, dict):
                pending.extend(part for pair in item.items() for part in pair)
            elif isinstance(item, list):
                pending.extend(item)


def mapping(value: Any) -> dict[Any, Any]:
    """The value, where it is a mapping."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """A list, or a single value as a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def spots(value: Any) -> list[Spot]:
    """The texts of a list or of a single value."""
    return [item for item in sequence(value) if isinstance(item, Spot)]


def words(value: Any) -> dict[str, str]:
    """The entries of a mapping whose values are texts."""
    return {str(key): str(item) for key, item in mapping(value).items() if isinstance(item, Spot)}
