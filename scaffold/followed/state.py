"""What a directory holds: the files at hand, or those of another branch or commit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scaffold import survey
from scaffold.model import Overlay, Repository
from scaffold.settings import Settings


@dataclass(frozen=True)
class State:
    """The directory that has a repository; `branch` is where it is from, empty for the files at hand.

    It is read with the settings that are given, when it is asked for first.
    """

    root: Path
    settings: Settings
    branch: str = ""

    @cached_property
    def repository(self) -> Repository:
        return survey.survey(self.root, self.settings)

    @cached_property
    def layout(self) -> Repository:
        """The same as far as directories say it, which is found at once where Flux is the engine."""
        return survey.survey(self.root, self.settings, flux=False)

    def overlay(self, path: str) -> Overlay | None:
        """The overlay of a directory, if it is there."""
        return self._by_path.get(path)

    @cached_property
    def _by_path(self) -> dict[str, Overlay]:
        found: dict[str, Overlay] = {}
        for item in self.repository.overlays.values():
            found.setdefault(item.path, item)
        return found
