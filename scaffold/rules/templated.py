"""Directories of templates that are filled in somewhere else: what stands there is no manifest yet."""

from __future__ import annotations

from scaffold.model import Repository

_NAME = "templates"


def directories(repository: Repository) -> frozenset[str]:
    """The directories called `templates` that hold a file which is no YAML because of what is to be filled in."""
    templates = (file.directory for file in repository.files.values() if file.problem and file.problem.templated)
    return frozenset(found for directory in templates if (found := _outermost(directory)))


def holds(sources: frozenset[str], directory: str) -> bool:
    """Tell whether a directory is one of these, or below one."""
    return bool(sources) and _outermost(directory) in sources


def _outermost(directory: str) -> str:
    parts = directory.split("/")
    return "/".join(parts[: parts.index(_NAME) + 1]) if _NAME in parts else ""
