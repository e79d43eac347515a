"""What stands in a file under a name: targets of Make, scripts of npm, tasks, recipes of just."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from scaffold.audit.arguments import Arguments
from scaffold.audit.jobs import Sources, mapping, sequence, spots, words
from scaffold.audit.shell import Command, below
from scaffold.model import Mark, Spot
from scaffold.parse.grammars import Tree

_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_TASKFILES = tuple(f"{name}{ending}" for name in ("Taskfile", "taskfile") for ending in (".yml", ".yaml", ".dist.yml"))
_JUSTFILES = ("justfile", "Justfile", ".justfile")


def make(sources: Sources, directory: str, command: Command) -> Iterator[tuple[Spot, str | None]]:
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


def npm(sources: Sources, directory: str, arguments: Arguments) -> Iterator[tuple[Spot, str | None]]:
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


def tasks(sources: Sources, directory: str, arguments: Arguments) -> Iterator[tuple[Spot, str | None]]:
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


def just(sources: Sources, directory: str, arguments: Arguments) -> Iterator[tuple[Spot, str | None]]:
    """A recipe of a justfile: a line `name …:` and the indented lines below it."""
    text = next((found for name in _JUSTFILES if (found := sources.spot(posixpath.join(directory, name)))), None)
    if text is None:
        return
    for name in arguments.verbs[:1]:
        head = rf"^@?{re.escape(name)}(?:[ \t][^:\n]*)?:(?!=)[^\n]*\n"
        recipe = re.search(rf"{head}((?:[ \t]+[^\n]*\n?|\n)*)", text, re.MULTILINE)
        if recipe:
            yield text.part(recipe.start(1), recipe.end(1)), directory
