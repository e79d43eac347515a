"""Puts the template's versions into the wheel, as one Git bundle; Hatchling loads this file by its path."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_INSIDE = "scaffold/template.bundle"


class TemplateBundle(BuildHookInterface[Any]):
    """Adds `scaffold/template.bundle` to the wheel and to the source distribution."""

    _directory: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the bundle, or take the one that a source distribution carries; an editable install needs none."""
        if version == "editable":
            return
        made = Path(self.root, _INSIDE)
        if not made.is_file():
            sys.path.insert(0, self.root)
            from scaffold import template

            self._directory = tempfile.TemporaryDirectory(prefix="gitops-scaffold-")
            made = Path(self._directory.name, "template.bundle")
            template.bundle(Path(self.root), made, f"v{self.metadata.version}")
        build_data["force_include"][str(made)] = _INSIDE

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what `initialize` wrote."""
        if self._directory is not None:
            self._directory.cleanup()
