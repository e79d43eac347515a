"""Directories of templates that are filled in somewhere else: what stands there is no manifest yet."""

from __future__ import annotations

import posixpath
import re

from scaffold.model import Repository, SourceFile

_NAME = "templates"
_LANGUAGES = frozenset(("erb", "ftl", "gotmpl", "hbs", "j2", "jinja", "jinja2", "mustache", "tmpl", "tpl"))
_READ_BY_HELM = re.compile(r"(?:Chart|requirements|values[\w.-]*)\.ya?ml\Z")
_BOILERPLATE = frozenset(("boilerplate.yaml", "boilerplate.yml"))


def directories(repository: Repository) -> frozenset[str]:
    """The directories called `templates` that hold a file which is no YAML because of what is to be filled in.

    So are those that the `boilerplate` of Gruntwork fills in, by a file of that name.
    """
    templates = (file.directory for file in repository.files.values() if file.problem and file.problem.templated)
    named = (posixpath.split(path) for path in repository.files)
    filled = {directory for directory, name in named if name in _BOILERPLATE and directory}
    return frozenset(found for directory in templates if (found := _outermost(directory))) | filled


def is_one(file: SourceFile, sources: frozenset[str]) -> bool:
    """Tell whether a file that is no YAML is filled in somewhere else: it stands in such a directory, or says so."""
    problem = file.problem
    named = problem is not None and problem.templated and _is_named(file.path)
    sure = problem is not None and problem.filled_in
    return named or sure or _is_unfilled(file) or holds(sources, file.directory)


def is_of_chart(repository: Repository, file: SourceFile) -> bool:
    """Tell whether a file that is no YAML is one that a template of its chart may fill in, and none that Helm reads."""
    if file.problem is None or not file.problem.templated or _READ_BY_HELM.match(posixpath.basename(file.path)):
        return False
    return holds(repository.charts - {""}, file.directory)


def alone(repository: Repository, sources: frozenset[str]) -> list[str]:
    """Such files that stand elsewhere, and say it, or whose names do, as `web.ftl.yaml`."""
    return [
        path
        for path, file in repository.files.items()
        if (file.problem and is_one(file, sources) and not _is_unfilled(file) and not holds(sources, file.directory))
        or is_of_chart(repository, file)
    ]


def _is_unfilled(file: SourceFile) -> bool:
    """Tell whether a placeholder is why a file is no YAML: it stands there, or in the line before."""
    lines = file.unfilled.lines if file.unfilled else ()
    return file.problem is not None and not {file.problem.line, file.problem.line - 1}.isdisjoint(lines)


def _is_named(path: str) -> bool:
    return not _LANGUAGES.isdisjoint(posixpath.basename(path).split(".")[1:-1])


def holds(sources: frozenset[str], directory: str) -> bool:
    """Tell whether a directory is one of these, or below one."""
    return any(f"{directory}/".startswith(f"{source}/") for source in sources)


def _outermost(directory: str) -> str:
    parts = directory.split("/")
    return "/".join(parts[: parts.index(_NAME) + 1]) if _NAME in parts else ""
