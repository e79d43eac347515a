"""A new fleet repository: its own layer, a layer for each cluster, and the first commit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scaffold import fleet, generate, git, staging
from scaffold.errors import AnswersError
from scaffold.growth import cluster
from scaffold.template import Template


def write(path: Path, source: Template, given: Mapping[str, Any], *, ask: bool, with_git: bool) -> list[str]:
    """Write the repository, whole or not at all, and return its files."""
    if given.get("kind", "fleet") != "fleet":
        raise AnswersError(f"'new' writes a fleet, not kind {given['kind']!r}; use 'gitops-scaffold add' for that")
    with staging.directory(path) as directory, generate.generator(source) as made:
        staging.files(directory, made.render({**given, "kind": "fleet"}, ask=ask))
        written = fleet.find(directory)
        for layer, files in cluster.all_of(made, written).items():
            staging.files(directory / layer, files)
        paths = list(staging.tree(directory))
        if with_git:
            _commit(directory, str(written.answers.get("branch", "main")))
    return paths


def _commit(directory: Path, branch: str) -> None:
    git.run(directory, "init", "--quiet", f"--initial-branch={branch}")
    git.run(directory, "add", "--all")
    git.commit(directory, "Write the fleet repository")
