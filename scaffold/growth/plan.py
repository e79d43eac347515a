"""What a command would write, known before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scaffold import journal, staging
from scaffold.staging import Content


@dataclass(frozen=True)
class Plan:
    """New layers by directory, and edits of files that are there; `notes` are what a person has to know or to do.

    `moved` are files that go with their content to another path; `steps` what people and the engine do, in order, once
    this is written.
    """

    layers: Mapping[str, Mapping[str, Content]] = field(default_factory=dict)
    edits: Mapping[str, Content | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    steps: tuple[str, ...] = ()

    def lines(self, root: Path) -> list[str]:
        """The plan as text: one path a line, and after that the steps."""
        new = [f"create {layer}/{path}" for layer, contents in self.layers.items() for path in contents]
        ends = {path for move in self.moved for path in move}
        changed = [f"{_verb(root / path, content)} {path}" for path, content in self.edits.items() if path not in ends]
        moved = [f"move {source} to {target}" for source, target in self.moved]
        return [*new, *changed, *moved, *(f"{number}. {step}" for number, step in enumerate(self.steps, 1))]

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
