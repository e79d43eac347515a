"""From a command to the scripts of the repository that it runs: shell and Python, Make targets, npm scripts, tasks."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.audit.arguments import Arguments
from scaffold.audit.follow import files, targets
from scaffold.audit.jobs import Sources
from scaffold.audit.shell import Command, Script
from scaffold.model import Spot

__all__ = ["scripts", "unread"]

_PACKAGERS = frozenset(("npm", "yarn", "pnpm", "bun"))


def scripts(sources: Sources, command: Command, script: Script) -> Iterator[Script]:
    """What a command runs that stands in this repository; one that stands elsewhere gives nothing."""
    if command.directory is None:
        return
    place = command.place
    via = (*script.via, f"{place.path}:{place.line}")
    for text, directory in _texts(sources, command):
        yield Script(text, directory, script.variables, via)


def _texts(sources: Sources, command: Command) -> Iterator[tuple[Spot, str | None]]:
    program, arguments = command.program, Arguments(command.words[1:])
    directory = command.directory or ""
    if program in ("make", "gmake"):
        yield from targets.make(sources, directory, command)
    elif program in _PACKAGERS:
        yield from targets.npm(sources, directory, arguments)
    elif program in ("task", "go-task"):
        yield from targets.tasks(sources, directory, arguments)
    elif program == "just":
        yield from targets.just(sources, directory, arguments)
    else:
        yield from files.texts(sources, command)


def unread(sources: Sources, command: Command) -> str:
    """The file that a command runs and that speaks of deploying, where it is not here or is nothing that is read."""
    return "" if any(_texts(sources, command)) else files.missed(sources, command)
