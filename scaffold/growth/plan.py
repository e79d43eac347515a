"""What a command would write, known before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scaffold import staging
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

    def apply(self, root: Path) -> None:
        """Write everything; the edits come last, and after a failure nothing is there."""
        self._write(root, list(self.layers.items()))

    def _write(self, root: Path, layers: list[tuple[str, Mapping[str, Content]]]) -> None:
        if not layers:
            staging.files(root, self.edits)
            return
        (path, contents), *others = layers
        with staging.directory(root / path) as directory:
            staging.files(directory, contents)
            self._write(root, others)


def _verb(path: Path, content: Content | None) -> str:
    if content is None:
        return "delete"
    return "change" if path.exists() else "create"
