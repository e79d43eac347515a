"""What a fleet repository records: its environments and clusters in full, its teams and applications by directory.

A team's own repository records the same of the fleet that it belongs to, for the one team.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scaffold import answers, nearest
from scaffold.answers import Recorded
from scaffold.errors import AnswersError, ScaffoldError
from scaffold.model import sequence

_OF_TEAM = "team-repo"
_INHERITED_NEVER = frozenset(("kind", "fleet", "clusters", "environments"))


@dataclass(frozen=True)
class Fleet:
    """A repository of kind fleet on disk, or of kind team-repo, which stands for the fleet where a team works."""

    root: Path
    recorded: Recorded

    @property
    def answers(self) -> Mapping[str, Any]:
        return self.recorded.answers

    @property
    def owner(self) -> str:
        """The team whose own repository this is; empty for a fleet."""
        return str(self.answers.get("team", "")) if self.answers.get("kind") == _OF_TEAM else ""

    @property
    def holds_applications(self) -> bool:
        """Tell whether applications stand in this repository."""
        return bool(self.owner) or self.answers.get("topology") != "multi-repo"

    @cached_property
    def clusters(self) -> dict[str, dict[str, Any]]:
        """The clusters by name, the control plane's first: name, server where it is said, Kubernetes version."""
        version = self.answers.get("kubernetes_version")
        first = {"name": self.answers.get("control_plane_cluster")}
        named = [first, *entries(self.answers.get("clusters"))]
        return {entry["name"]: {"kubernetes": version, **entry} for entry in named}

    @cached_property
    def environments(self) -> dict[str, dict[str, Any]]:
        """The environments by name, in the order of the fleet: name, stage, cluster, gate, Kubernetes version."""
        home = self.answers.get("control_plane_cluster")
        named = entries(self.answers.get("environments"))
        full = [{"stage": position, "cluster": home, **entry} for position, entry in enumerate(named)]
        last = max((entry["stage"] for entry in full), default=0)
        return {
            entry["name"]: {
                "gate": "manual" if entry["stage"] == last else "auto",
                "kubernetes_version": self.clusters.get(entry["cluster"], {}).get("kubernetes"),
                **entry,
            }
            for entry in full
        }

    @cached_property
    def teams(self) -> list[str]:
        return [self.owner] if self.owner else _directories(self.root / "teams")

    def applications(self, team: str) -> list[str]:
        return _directories(self.root / self.home(team))

    def home(self, team: str) -> str:
        """The directory that holds a team's applications, relative to the root."""
        return "apps" if self.owner else f"apps/{team}"

    def inherited(self) -> dict[str, Any]:
        """The answers that a layer of the fleet shares with it, where it is asked for them."""
        return {name: value for name, value in self.answers.items() if name not in _INHERITED_NEVER}

    def team(self, name: str) -> Recorded:
        """The answers of a team; raises ScaffoldError for one that is not there."""
        if name not in self.teams:
            raise ScaffoldError(f"team {name!r} is unknown; {nearest.hint(name, self.teams)}")
        return self.recorded if self.owner else answers.read(self.root / self.layer(name))

    def layer(self, team: str) -> str:
        """The directory of the layer that says which environments a team has, relative to the root."""
        return "" if self.owner else f"teams/{team}"

    def chosen(self, names: tuple[str, ...], among: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The named environments in the order of the fleet, or all; raises ScaffoldError for an unknown name."""
        known = self.environments if among is None else among
        for name in names:
            if name not in known:
                raise ScaffoldError(f"environment {name!r} is unknown; {nearest.hint(name, known)}")
        wanted = names or tuple(known)
        return [dict(entry) for name, entry in self.environments.items() if name in wanted]


def find(start: Path) -> Fleet:
    """The fleet repository that a directory belongs to; raises ScaffoldError outside of one."""
    found = find_any(start)
    if found.owner:
        fact = f"{str(found.root)!r} is the repository of team {found.owner!r}"
        raise ScaffoldError(f"{fact}; go into the fleet repository, {found.answers.get('fleet_repository_url')}")
    return found


def find_any(start: Path) -> Fleet:
    """The fleet repository, or a team's own, that a directory belongs to; raises ScaffoldError outside of one."""
    start = start.resolve()
    for directory in (start, *start.parents):
        if (directory / answers.NAME).is_file():
            recorded = answers.read(directory)
            if recorded.answers.get("kind") in ("fleet", _OF_TEAM):
                return Fleet(directory, recorded)
    fact = f"{str(start)!r} is in no fleet repository"
    raise ScaffoldError(f"{fact}; go into one, or make one with 'gitops-scaffold new'")


def names(value: object) -> list[str]:
    """The names in a recorded list of environments or clusters."""
    return [entry["name"] for entry in entries(value)]


def entries(value: object) -> list[dict[str, Any]]:
    """The environments or clusters of an answer in one form: it may be `a, b`, or a list of names or of mappings."""
    items = [part.strip() for part in value.split(",")] if isinstance(value, str) else sequence(value)
    found = [dict(item) if isinstance(item, Mapping) else {"name": item} for item in items if item]
    for entry in found:
        if not isinstance(entry.get("name"), str):
            raise AnswersError(f"the answers name {entry.get('name')!r} among {items!r}; write a name in quotes")
    return found


def written(found: list[dict[str, Any]]) -> list[Any]:
    """The same as an answer says it: names where nothing else is said."""
    return [entry["name"] for entry in found] if all(entry.keys() == {"name"} for entry in found) else found


def _directories(parent: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in parent.iterdir() if not entry.name.startswith(".") and entry.is_dir())
    except FileNotFoundError:
        return []
