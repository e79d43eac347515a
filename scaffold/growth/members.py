"""A fleet and the layers that belong to it, wherever in its Git repository it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold import fleet as fleets
from scaffold.fleet import Fleet
from scaffold.staging import Content
from scaffold.update import layers
from scaffold.update.layers import Layer


@dataclass(frozen=True)
class Members:
    """A fleet's layers by directory, relative to the fleet; `home` is the fleet's own, relative to the repository."""

    fleet: Fleet
    home: str
    layers: Mapping[str, Layer]

    def at(self, directory: str) -> str:
        """A directory of the fleet, relative to the repository."""
        return "/".join(part for part in (self.home, directory) if part)

    def of_kind(self, kind: str) -> dict[str, dict[str, Any]]:
        """The answers of all layers of a kind, by directory."""
        recorded = ((directory, each.recorded.answers) for directory, each in self.layers.items())
        return {directory: answers for directory, answers in recorded if answers["kind"] == kind}

    def changed(self, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
        """Changed answers by the directories that an update knows, without those that change nothing."""
        return {self.at(directory): given for directory, given in answers.items() if given}

    def within(self, path: str) -> str:
        """A path of the repository, relative to the fleet."""
        return path.removeprefix(f"{self.home}/") if self.home else path

    def relative(self, edits: Mapping[str, Content | None]) -> dict[str, Content | None]:
        """Edits of an update with their paths relative to the fleet."""
        return {self.within(path): content for path, content in edits.items()}


def find(start: Path) -> Members:
    """The fleet or team's repository that a directory belongs to, with its layers; raises ScaffoldError elsewhere."""
    fleet = fleets.find_any(start)
    found = layers.find((fleet.root,))
    home = fleet.root.relative_to(found.root.resolve()).as_posix().removeprefix(".")
    within = f"{home}/" if home else ""
    return Members(fleet, home, {f"{each.directory}/".removeprefix(within).rstrip("/"): each for each in found.chosen})
