"""Files that a command runs by their path, or gives to an interpreter."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from scaffold.audit.follow import installed, python
from scaffold.audit.jobs import Sources
from scaffold.audit.shell import Command, below
from scaffold.model import Spot

_SHELLS = frozenset(("sh", "bash", "zsh", "ash", "dash", "source", "."))
_SHELL_ENDINGS = (".sh", ".bash", ".zsh")
_VARIABLE = re.compile(r"\$\{\{(?:(?!\$\{\{|\}\}).)*+\}\}|\$\{\w+\}|\$\w+")
_SCRIPT = re.compile(r"\w\w[\w-]*\.(sh|bash|zsh|py)\Z|\A[\w-]*\w\w")  # something of the name is said
_DEPLOYING = re.compile(r"deploy|release|rollout|rollback|kube|k8s|helm|cluster", re.IGNORECASE)
_CLIENTS = re.compile(r"\b(kubectl|helm|helmfile|argocd|flux|oc (apply|login|delete))\b")


def texts(sources: Sources, command: Command) -> Iterator[tuple[Spot, str | None]]:
    """The shell text of the file that a command runs, or of each that a variable in its name may mean.

    Nothing where it is neither shell nor Python.
    """
    for path in _paths(sources, command):
        yield from _text(sources, command, path)


def _text(sources: Sources, command: Command, path: str) -> Iterator[tuple[Spot, str | None]]:
    text = sources.spot(path)
    if text is None:
        return
    if command.program in _SHELLS or _is(text, path, _SHELL_ENDINGS, r"(ba|da|z|a|k)?sh"):
        yield text, command.directory
    elif _is_python(path, text) and python.is_one(text):
        yield from ((line, command.directory) for line in python.scripts(text))


def _paths(sources: Sources, command: Command) -> list[str]:
    """The files that a command may run; a variable in the last part of a name is anything, but not all of it."""
    if module := installed.module(sources, command):
        return [module]
    name, parts = _name(command), _VARIABLE.split(_name(command))
    last = posixpath.basename("*".join(parts))
    if len(parts) == 1 or not _SCRIPT.search(last):
        return [path] if (path := below(command.directory, name)) else []
    start = below(command.directory, parts[0] + "_")
    if start is None:
        return []
    pattern = re.escape(start.removesuffix("_")) + "[^/]+" + "[^/]+".join(re.escape(part) for part in parts[1:])
    return sorted(path for path in sources.paths if re.fullmatch(pattern, path))


def _path(command: Command) -> str:
    """The path of the file that a command runs; empty where it runs none, or none that can be named."""
    return below(command.directory, _name(command)) or ""


def _name(command: Command) -> str:
    runs = command.program in _SHELLS or command.program.startswith("python")
    return _script(command.words[1:]) if runs else command.called if "/" in command.called else ""


def _script(words_: tuple[str, ...]) -> str:
    """The file that an interpreter is given: its first word that is no option, if no option says what to run."""
    rest = iter(words_)
    for word in rest:
        if not word.startswith("-"):
            return "" if word.startswith("<(") else word
        if re.fullmatch(r"-[a-z]*[cms]", word):
            return ""
        if re.fullmatch(r"-[a-z]*o", word):  # `-o pipefail`
            next(rest, "")
    return ""


def _is(text: Spot, path: str, endings: tuple[str, ...], interpreter: str) -> bool:
    return path.endswith(endings) or bool(re.match(rf"#!.*\b{interpreter}(\s|$)", text.partition("\n")[0]))


def _is_python(path: str, text: Spot) -> bool:
    return _is(text, path, (".py",), r"python[\d.]*")


def _of_package(sources: Sources, command: Command) -> str:
    """The file of a program whose package speaks of deploying: which part of it runs, its arguments decide."""
    path = installed.program(sources, command)
    speaks = path and any(_CLIENTS.search(sources.text(file) or "") for file in installed.package(sources, path))
    return path if speaks else ""


def missed(sources: Sources, command: Command) -> str:
    """The path of a file that gave nothing and speaks of deploying; empty where nothing was missed."""
    path = _path(command)
    if not path:
        return _of_package(sources, command)
    text = sources.spot(path)
    if text is None:
        return path if _DEPLOYING.search(posixpath.basename(path)) and path not in sources.directories else ""
    is_read = _is_python(path, text) and python.is_one(text)
    return path if _CLIENTS.search(text) and not is_read else ""
