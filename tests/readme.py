"""Writes the parts of README.md that are made from the program, lists and what commands print, and the rules' pages.

`python tests/readme.py` rewrites the files; tests/test_readme.py compares.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
import rule_pages

from scaffold.commands import group
from scaffold.rules import RULES, Rule, page, profiles, sentence

README = Path(__file__).parent.parent / "README.md"
_CONSOLE = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_RENDERER = re.compile(r" \((kubectl )?kustomize [^)]*\)")
_NOTE = re.compile(r"^the template in .* has changes without a commit.*\n", re.MULTILINE)


def written(text: str) -> str:
    """The README as it should be."""
    for name, make in _BLOCKS.items():
        begin, _, rest = text.partition(f"<!-- {name}: begin")
        heading, _, rest = rest.partition("\n")
        _, end, rest = rest.partition(f"<!-- {name}: end")
        text = f"{begin}<!-- {name}: begin{heading}\n\n{make()}\n\n{end}{rest}"
    outputs = iter(_transcripts([_commands_in(block) for block in _CONSOLE.findall(text)]))
    return _CONSOLE.sub(lambda _: next(outputs), text)


def _commands() -> str:
    context = click.Context(group)
    rows = []
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        rows.append(f"| `{name}` | {found.get_short_help_str(200)} |")
    return "\n".join(["| command | does |", "|---|---|", *rows])


def _rules() -> str:
    rows = [f"| {_linked(rule)} | {rule.SEVERITY} | {sentence(rule)}{_asked_by(rule)} |" for rule in RULES.values()]
    return "\n".join(["| rule | severity | what it says |", "|---|---|---|", *rows])


def _linked(rule: Rule) -> str:
    return f"[`{rule.ID}`]({page(rule)})"


def _asked_by(rule: Rule) -> str:
    named = " and ".join(f"`{name}`" for name in profiles(rule))
    return f" Only in profile {named}." if named else ""


_BLOCKS: dict[str, Callable[[], str]] = {"commands": _commands, "rules": _rules}


def _commands_in(block: str) -> list[str]:
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def _transcripts(blocks: list[list[str]]) -> list[str]:
    """Run the commands of all blocks in one shell, and put what each prints below it."""
    end = "--- end of output ---"
    script = "".join(f"{{ {command}; }} 2>&1\necho '{end}'\n" for block in blocks for command in block)
    program = f"PATH={Path(sys.executable).parent}:$PATH\n{script}"
    with tempfile.TemporaryDirectory() as directory:
        done = subprocess.run(["bash", "-c", program], cwd=directory, capture_output=True, text=True, check=True)
    printed = iter(_NOTE.sub("", _RENDERER.sub("", done.stdout)).split(f"{end}\n"))
    return ["".join(f"$ {command}\n{next(printed)}" for command in block) for block in blocks]


if __name__ == "__main__":
    README.write_text(written(README.read_text()))
    for path, text in rule_pages.pages().items():
        path.write_text(text)
