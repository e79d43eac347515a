"""What a command would write, known before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scaffold import journal, staging
from scaffold.staging import Content


@dataclass(frozen=True)
class Plan:
    """New layers by directory, and edits of files that are there; `notes` are what a person has to know or to do."""

    layers: Mapping[str, Mapping[str, Content]] = field(default_factory=dict)
    edits: Mapping[str, Content | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def lines(self, root: Path) -> list[str]:
        """The plan as text: one path a line."""
        new = [f"create {layer}/{path}" for layer, contents in self.layers.items() for path in contents]
        changed = [f"{_verb(root / path, content)} {path}" for path, content in self.edits.items()]
        return [*new, *changed]

    def apply(self, root: Path, command: str) -> None:
        """Write everything or, after a failure, nothing; killed on the way, it can be finished or undone."""
        for layer in self.layers:
            staging.refuse_occupied(root / layer)
        new = {f"{layer}/{path}": content for layer, files in self.layers.items() for path, content in files.items()}
        journal.write(root, {**new, **self.edits}, command)


def _verb(path: Path, content: Content | None) -> str:
    if content is None:
        return "delete"
    return "change" if path.exists() else "create"
