"""Shell text to the commands in it, with what stands before them in a pipe and where they write."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scaffold.model import Location, Spot
from scaffold.parse.grammars import Tree

# What a CI system puts in before the shell sees the text; a shell's grammar would stumble over it.
_FOREIGN = re.compile(
    r"\$\{\{(?:(?!\$\{\{|\}\}).)*+\}\}|\$\[\[(?:(?!\$\[\[|\]\]).)*+\]\]|\{\{(?:(?!\{\{|\}\}).)*+\}\}"
    r"|<<\s*(?:parameters|pipeline|matrix)\.[\w.]+\s*>>",
    re.DOTALL,
)
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_COMMANDS = ("command", "declaration_command", "variable_assignment")
_DEEPEST = 4  # scripts in arguments of scripts


@dataclass(frozen=True)
class Command:
    """One command: `words` without quotes, the program's name first and without its directory.

    `before` is what is piped into it, `writes` the files that its output goes to, `directory` where it runs, relative
    to the repository's root, or None where that cannot be known. `called` is the program's name as it is written. An
    assignment has the words `=` and `NAME=value`.
    """

    words: tuple[str, ...]
    place: Location
    before: tuple[Command, ...] = ()
    writes: tuple[str, ...] = ()
    directory: str | None = ""
    called: str = ""

    @property
    def program(self) -> str:
        return self.words[0]


@dataclass(frozen=True)
class Script:
    """Shell text with where it runs, the variables that are known, and the chain of what calls it."""

    text: Spot
    directory: str | None = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    via: tuple[str, ...] = ()


def commands(script: Script, depth: int = 0) -> Iterator[Command]:
    """Every command of a script, in order, those in substitutions, functions and arguments of `sh -c` included."""
    reading = _Reading(script)
    for found in reading.commands():
        for command in _unwrapped(found):
            yield command
            inner = _inner(command)
            if inner and depth < _DEEPEST:
                for nested in commands(replace(script, text=Spot.of(inner, script.text.path)), depth + 1):
                    yield replace(nested, place=command.place, directory=command.directory)


class _Reading:
    """One pass over a script, which remembers `cd` and plain assignments."""

    def __init__(self, script: Script) -> None:
        self._text = script.text
        masked = _FOREIGN.sub(lambda found: "_" * len(found[0]), script.text)
        self._tree = Tree("bash", masked)
        self._directory = script.directory
        self._variables = dict(script.variables)

    def commands(self) -> Iterator[Command]:
        for node in self._tree.walk(*_COMMANDS):
            if node.type == "variable_assignment" and node.parent.type in ("command", "declaration_command"):
                continue
            command = self._command(node)
            if command.words:
                self._remember(command)
                yield command

    def _command(self, node: Any) -> Command:
        place = self._text.at(self._tree.start(node))
        words, before, writes = tuple(self._words(node)), tuple(self._before(node)), tuple(self._writes(node))
        names = [child for child in node.children if child.type == "command_name"]
        return Command(words, place, before, writes, self._directory, self._plain(names[0]) if names else "")

    def _words(self, node: Any) -> Iterator[str]:
        if node.type == "variable_assignment":
            yield from ("=", self._plain(node))
            return
        for child in node.children:
            if child.type == "command_name":
                name = self._plain(child.children[0] if child.children else child)
                yield from (posixpath.basename(name) or name,) if " " not in name else name.split()
            elif child.type in ("file_redirect", "heredoc_redirect", "herestring_redirect"):
                continue
            elif child.type != "variable_assignment" or node.type == "declaration_command":
                yield self._plain(child)

    def _plain(self, node: Any) -> str:
        """A word without its quotes, with what is known of its variables."""
        if node.type in ("concatenation", "variable_assignment"):
            return "".join(self._plain(child) for child in node.children)
        text = str(self._text)[self._tree.start(node) : self._tree.stop(node)]
        if node.type == "raw_string":
            return text[1:-1]
        if node.type == "string":
            text = text[1:-1]
        return _VARIABLE.sub(self._known, re.sub(r"\\\n\s*", "", text))

    def _known(self, found: re.Match[str]) -> str:
        return self._variables.get(found[1] or found[2], found[0])

    def _before(self, node: Any) -> Iterator[Command]:
        if node.parent is not None and node.parent.type == "redirected_statement":
            node = node.parent
        if node.parent is None or node.parent.type != "pipeline":
            return
        for child in node.parent.children:
            if child.start_byte >= node.start_byte:
                return
            for part in (child, *child.children):
                if part.type == "command":
                    yield Command(tuple(self._words(part)), self._text.at(self._tree.start(part)))

    def _writes(self, node: Any) -> Iterator[str]:
        """The targets of redirections; a pipe's belong to its last command."""
        above = node.parent
        while above is not None and above.type in ("pipeline", "redirected_statement"):
            if above.type == "pipeline" and above.children[-1].end_byte != node.end_byte:
                return
            if above.type == "redirected_statement":
                for child in above.children:
                    if child.type == "file_redirect" and child.children and not child.text.startswith(b"<"):
                        yield self._plain(child.children[-1])
            above = above.parent

    def _remember(self, command: Command) -> None:
        if command.program in ("=", "export", "local", "declare", "readonly"):
            for word in command.words[1:]:
                name, equals, value = word.partition("=")
                if equals and name.isidentifier() and "$" not in value and "`" not in value:
                    self._variables[name] = value
        elif command.program in ("cd", "pushd"):
            self._directory = below(self._directory, command.words[1] if len(command.words) > 1 else "~")


def below(directory: str | None, path: str) -> str | None:
    """A path as seen from a directory, relative to the root; None where it leaves the root or is not known."""
    if directory is None or path.startswith(("/", "~")) or "$" in path or "_" * 4 in path:
        return None
    found = posixpath.normpath(posixpath.join(directory, path))
    return None if found.startswith("..") else "" if found == "." else found


# Programs that run the program after them, with those of their options that take a value.
_WRAPPERS: dict[str, frozenset[str]] = {
    "sudo": frozenset(("-u", "-g", "-h")),
    "env": frozenset(("-u", "-C")),
    "time": frozenset(),
    "nohup": frozenset(),
    "exec": frozenset(),
    "command": frozenset(),
    "nice": frozenset(("-n",)),
    "timeout": frozenset(("-s", "-k", "--signal", "--kill-after")),
    "xargs": frozenset(("-I", "-n", "-P", "-L", "-d", "-a", "-s")),
    "retry": frozenset(("-t", "-d")),
    "chroot": frozenset(),
    "stdbuf": frozenset(("-o", "-e", "-i")),
    "doas": frozenset(("-u",)),
    "aws-vault": frozenset(),
    "chamber": frozenset(),
    "op": frozenset(),
}
_POSITIONAL = {"timeout": 1, "chroot": 1}
_SHELLS = frozenset(("sh", "bash", "zsh", "ash", "dash"))


def _unwrapped(command: Command) -> Iterator[Command]:
    """The command itself, and the one that it runs as an argument."""
    yield command
    words = list(command.words)
    while words and words[0] in _WRAPPERS:
        name, words = words[0], words[1:]
        takes = _WRAPPERS[name]
        while words and (words[0].startswith("-") or (name == "env" and "=" in words[0])):
            words = words[2:] if words[0] in takes else words[1:]
        words = words[_POSITIONAL.get(name, 0) :]
    if words and words != list(command.words):
        yield replace(command, words=(posixpath.basename(words[0]), *words[1:]), called=words[0])


def _inner(command: Command) -> str:
    """The script that a command is given as an argument: `sh -c`, `ssh host …`, `eval`."""
    words = command.words
    if command.program in _SHELLS:
        for index, word in enumerate(words[1:-1], 1):
            if re.fullmatch(r"-[a-z]*c", word):
                return words[index + 1]
    if command.program == "eval":
        return " ".join(words[1:])
    return ""
