"""From a command to the scripts of the repository that it runs: shell and Python, Make targets, npm scripts, tasks."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from scaffold.audit import python
from scaffold.audit.arguments import Arguments
from scaffold.audit.grammars import Tree
from scaffold.audit.jobs import Sources, mapping, sequence, spots, words
from scaffold.audit.shell import Command, Script, below
from scaffold.model import Mark, Spot

_SHELLS = frozenset(("sh", "bash", "zsh", "ash", "dash", "source", "."))
_PACKAGERS = frozenset(("npm", "yarn", "pnpm", "bun"))
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_TASKFILES = tuple(f"{name}{ending}" for name in ("Taskfile", "taskfile") for ending in (".yml", ".yaml", ".dist.yml"))
_SHELL_ENDINGS = (".sh", ".bash", ".zsh")
_DEPLOYING = re.compile(r"deploy|release|rollout|rollback|kube|k8s|helm|cluster", re.IGNORECASE)
_CLIENTS = re.compile(r"\b(kubectl|helm|helmfile|argocd|flux|oc (apply|login|delete))\b")
_JUSTFILES = ("justfile", "Justfile", ".justfile")


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
        yield from _make(sources, directory, command)
    elif program in _PACKAGERS:
        yield from _npm(sources, directory, arguments)
    elif program in ("task", "go-task"):
        yield from _tasks(sources, directory, arguments)
    elif program == "just":
        yield from _just(sources, directory, arguments)
    else:
        yield from _file(sources, command)


def _file(sources: Sources, command: Command) -> Iterator[tuple[Spot, str | None]]:
    """A file that is run by its path, or by a shell or Python."""
    path = _path(command)
    text = sources.spot(path)
    if text is None:
        return
    if command.program in _SHELLS or _is(text, path, _SHELL_ENDINGS, r"(ba|da|z|a|k)?sh"):
        yield text, command.directory
    elif _is_python(path, text) and python.is_one(text):
        yield from ((line, command.directory) for line in python.scripts(text))


def _path(command: Command) -> str:
    """The path of the file that a command runs; empty where it runs none, or none that can be named."""
    runs = command.program in _SHELLS or command.program.startswith("python")
    name = _script(command.words[1:]) if runs else command.called if "/" in command.called else ""
    return below(command.directory, name) or ""


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


def unread(sources: Sources, command: Command) -> str:
    """The file that a command runs and that speaks of deploying, where it is not here or is nothing that is read."""
    path = _path(command)
    if not path or command.directory is None or any(_texts(sources, command)):
        return ""
    text = sources.spot(path)
    if text is None:
        return path if _DEPLOYING.search(posixpath.basename(path)) and path not in sources.directories else ""
    return path if _CLIENTS.search(text) and not _is_read(path, text) else ""


def _is_read(path: str, text: Spot) -> bool:
    """Tell whether a file was read that has no command."""
    return _is_python(path, text) and python.is_one(text)


def _make(sources: Sources, directory: str, command: Command) -> Iterator[tuple[Spot, str | None]]:
    wanted, where, name = [], directory, ""
    rest = iter(command.words[1:])
    for word in rest:
        if word in ("-C", "--directory"):
            where = below(directory, next(rest, ".")) or ""
        elif word in ("-f", "--file", "--makefile"):
            name = next(rest, "")
        elif not word.startswith("-") and "=" not in word:
            wanted.append(word)
    names = (name,) if name else _MAKEFILES
    text = next((found for item in names if (found := sources.spot(posixpath.join(where, item)))), None)
    if text is not None:
        for recipe in _recipes(text, wanted):
            yield recipe, where


def _recipes(text: Spot, wanted: list[str]) -> Iterator[Spot]:
    """The lines that Make runs for the wanted targets, or for the first one, with those that they need."""
    rules: dict[str, tuple[list[str], list[Spot]]] = {}
    tree = Tree("make", text)
    for node in tree.walk("rule"):
        needs, lines = [], []
        for child in node.children:
            if child.type == "prerequisites":
                needs = str(text)[tree.start(child) : tree.stop(child)].split()
            elif child.type == "recipe":
                lines = [_recipe(tree, text, line) for line in child.children if line.type == "recipe_line"]
        for target in [child for child in node.children if child.type == "targets"]:
            for name in str(text)[tree.start(target) : tree.stop(target)].split():
                known = rules.setdefault(name, ([], []))
                known[0].extend(needs)
                known[1].extend(lines)
    first = [name for name in rules if not name.startswith(".")][:1]
    pending, seen = list(wanted or first), set()
    while pending:
        name = pending.pop(0)
        if name in rules and name not in seen:
            seen.add(name)
            pending.extend(rules[name][0])
            yield from rules[name][1]


def _recipe(tree: Tree, text: Spot, line: Any) -> Spot:
    """One command of a recipe; `$(NAME)` and `$$` are Make's, and become the shell's."""
    start, stop = tree.start(line), tree.stop(line)
    while start < stop and text[start] in "@-+\t ":
        start += 1
    part = text.part(start, stop)
    shown = re.sub(r"\$[({](\w+)[)}]", lambda found: f"${{{found[1]}}}", part).replace("$$", " $")
    return Spot.of(shown, part.path, part.marks) if len(shown) == len(part) else part


def _npm(sources: Sources, directory: str, arguments: Arguments) -> Iterator[tuple[Spot, str | None]]:
    verbs = arguments.verbs
    name = verbs[1] if verbs[:1] in (["run"], ["run-script"]) and len(verbs) > 1 else "".join(verbs[:1])
    path = posixpath.join(directory, "package.json")
    text = sources.text(path)
    if not name or text is None:
        return
    try:
        package = json.loads(text)
    except ValueError:
        return
    listed = package.get("scripts") if isinstance(package, dict) else None
    for key in (f"pre{name}", name, f"post{name}"):
        script = listed.get(key) if isinstance(listed, dict) else None
        if isinstance(script, str):
            yield _in_json(text, path, key, script), directory


def _in_json(text: str, path: str, key: str, script: str) -> Spot:
    found = re.search(rf'"{re.escape(key)}"\s*:\s*"', text)
    offset = found.end() if found else 0
    line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    return Spot.of(script, path, (Mark(0, line, column),))


def _tasks(sources: Sources, directory: str, arguments: Arguments) -> Iterator[tuple[Spot, str | None]]:
    where = below(directory, arguments.value("-d", "--dir") or ".") or ""
    names = (posixpath.join(where, name) for name in _TASKFILES)
    tasks = next((mapping(mapping(sources.yaml(path)).get("tasks")) for path in names if path in sources.paths), {})
    pending, seen = list(arguments.verbs or ["default"]), set()
    while pending:
        name = pending.pop(0)
        if name in seen or name not in tasks:
            continue
        seen.add(name)
        body = tasks[name]
        spec = body if isinstance(body, dict) else {"cmds": body}
        pending += [str(item) for item in spots(spec.get("deps"))]
        pending += [word for item in sequence(spec.get("deps")) for word in words(item).values()]
        for item in (*sequence(spec.get("cmds")), *sequence(spec.get("cmd"))):
            if isinstance(item, Spot):
                yield item, below(where, str(spec.get("dir", ".")))
            elif isinstance(mapping(item).get("cmd"), Spot):
                yield item["cmd"], below(where, str(spec.get("dir", ".")))
            elif isinstance(mapping(item).get("task"), Spot):
                pending.append(str(item["task"]))


def _just(sources: Sources, directory: str, arguments: Arguments) -> Iterator[tuple[Spot, str | None]]:
    """A recipe of a justfile: a line `name …:` and the indented lines below it."""
    text = next((found for name in _JUSTFILES if (found := sources.spot(posixpath.join(directory, name)))), None)
    if text is None:
        return
    for name in arguments.verbs[:1]:
        head = rf"^@?{re.escape(name)}(?:[ \t][^:\n]*)?:(?!=)[^\n]*\n"
        recipe = re.search(rf"{head}((?:[ \t]+[^\n]*\n?|\n)*)", text, re.MULTILINE)
        if recipe:
            yield text.part(recipe.start(1), recipe.end(1)), directory
