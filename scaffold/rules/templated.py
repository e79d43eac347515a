"""Directories of templates that are filled in somewhere else: what stands there is no manifest yet."""

from __future__ import annotations

import posixpath

from scaffold.model import Repository

_NAME = "templates"
_BOILERPLATE = frozenset(("boilerplate.yaml", "boilerplate.yml"))


def directories(repository: Repository) -> frozenset[str]:
    """The directories called `templates` that hold a file which is no YAML because of what is to be filled in.

    So are those that the `boilerplate` of Gruntwork fills in, by a file of that name.
    """
    templates = (file.directory for file in repository.files.values() if file.problem and file.problem.templated)
    named = (posixpath.split(path) for path in repository.files)
    filled = {directory for directory, name in named if name in _BOILERPLATE and directory}
    return frozenset(found for directory in templates if (found := _outermost(directory))) | filled


def holds(sources: frozenset[str], directory: str) -> bool:
    """Tell whether a directory is one of these, or below one."""
    return any(f"{directory}/".startswith(f"{source}/") for source in sources)


def _outermost(directory: str) -> str:
    parts = directory.split("/")
    return "/".join(parts[: parts.index(_NAME) + 1]) if _NAME in parts else ""
