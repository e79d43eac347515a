"""The pages that forges show below scaffold/rules/: the manual of every rule, made from its docstring."""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from scaffold.rules import RULES, Rule, profiles

ROOT = Path(__file__).parent.parent
_INDENTED = re.compile(r"^ {4}.*(?:\n(?: {4}.*)?)*", re.MULTILINE)
_CODE = re.compile(r"(`+.+?`+)", re.DOTALL)


def pages() -> dict[Path, str]:
    """Every page by its file."""
    groups: dict[str, list[Rule]] = {}
    for rule in RULES.values():
        groups.setdefault(rule.__name__.rpartition(".")[0], []).append(rule)
    return {
        ROOT / name.replace(".", "/") / "README.md": "\n".join(_page(name, rules)) for name, rules in groups.items()
    }


def _page(group: str, rules: list[Rule]) -> Iterator[str]:
    module = sys.modules[group]
    yield f"# Rules: {group.rpartition('.')[2]}\n\n{_prose(inspect.getdoc(module) or '')}\n"
    yield "Written by `python tests/readme.py` from the modules beside it. `gitops-scaffold explain` prints them.\n"
    yield "".join(f"- [`{rule.ID}`](#{rule.ID})\n" for rule in rules)
    for rule in rules:
        only = " and ".join(f"`{name}`" for name in profiles(rule))
        level = f"{rule.SEVERITY.capitalize()}, only in profile {only}" if only else rule.SEVERITY.capitalize()
        yield f"## {rule.ID}\n\n{level}; [its source]({rule.__name__.rpartition('.')[2]}.py)\n"
        yield f"{_manual(rule)}\n"


def _manual(rule: Rule) -> str:
    """A docstring as Markdown: what is indented is an example, and everything else is prose."""
    text, parts, end = inspect.getdoc(rule) or "", [], 0
    for found in _INDENTED.finditer(text):
        parts += [_prose(text[end : found.start()]), f"```yaml\n{textwrap.dedent(found[0]).strip()}\n```\n\n"]
        end = found.end()
    return "".join([*parts, _prose(text[end:])]).rstrip()


def _prose(text: str) -> str:
    """Markdown in which nothing outside of code is taken for HTML or for emphasis."""
    pieces = _CODE.split(text)
    return "".join(piece if number % 2 else re.sub(r"([*_<\[])", r"\\\1", piece) for number, piece in enumerate(pieces))
