"""Programs that the repository installs from itself: which file they begin in."""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Iterator

from scaffold.audit.jobs import Sources
from scaffold.audit.shell import Command, below

_SAYING = frozenset(("pyproject.toml", "setup.cfg", "setup.py"))
_PLACES = ("", "src")
_ENTRY = re.compile(r"^[^\w\n]*+([\w.-]++)[\"']?[ \t]*+=[ \t]*+[\"']?([\w.]++):\w+", re.MULTILINE)


def module(sources: Sources, command: Command) -> str:
    """The file of the module that `python -m` runs; empty where it runs none of this repository."""
    words = command.words[1:]
    if not command.program.startswith("python") or "-m" not in words[:-1]:
        return ""
    return _file(sources, command.directory or "", words[words.index("-m") + 1])


def program(sources: Sources, command: Command) -> str:
    """The file in which a program begins that a package of the repository brings; empty for any other one."""
    return _programs(sources).get(command.called, "")


@functools.lru_cache(maxsize=4)
def _programs(sources: Sources) -> dict[str, str]:
    """Where each program begins, by its name."""
    found: dict[str, str] = {}
    for path in sorted(path for path in sources.paths if posixpath.basename(path) in _SAYING):
        for name, begins in _ENTRY.findall(sources.text(path) or ""):
            if file := _file(sources, posixpath.dirname(path), begins):
                found.setdefault(name, file)
    return found


def package(sources: Sources, file: str) -> Iterator[str]:
    """The files of the package that a module is in."""
    directory = posixpath.dirname(file)
    while posixpath.join(posixpath.dirname(directory), "__init__.py") in sources.paths:
        directory = posixpath.dirname(directory)
    yield from (path for path in sources.paths if path.endswith(".py") and path.startswith(f"{directory}/"))


def _file(sources: Sources, directory: str, name: str) -> str:
    parts = name.split(".")
    for place in _PLACES:
        start = below(directory, posixpath.join(place, *parts))
        for path in (f"{start}.py", f"{start}/__main__.py", f"{start}/__init__.py"):
            if path in sources.paths:
                return path
    return ""
