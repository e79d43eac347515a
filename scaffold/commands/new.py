"""`new`: write a fleet repository."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from scaffold.commands import options


@click.command(
    "new",
    short_help="Write a fleet repository.",
    epilog="Example: gitops-scaffold new fleet --data fleet=acme --data environments='dev, staging, production'",
)
@click.argument("path", type=click.Path(path_type=Path))
@options.data
@options.answers
@click.option("--defaults", is_flag=True, help="Ask nothing: questions without an answer get their default.")
@click.option("--git/--no-git", "with_git", default=True, help="Make a Git repository with a first commit (default).")
def command(path: Path, pairs: tuple[str, ...], answers_file: Path | None, *, defaults: bool, with_git: bool) -> int:
    """Write a fleet repository, its clusters included, into PATH, which must be empty or absent.

    At a terminal it asks for what is not given; elsewhere, or with --defaults, questions have their defaults.
    """
    from scaffold import template
    from scaffold.growth import repository

    given = options.given(pairs, answers_file)
    source = template.installed()
    if source.dirty:
        click.echo(f"the template in {source.stand_in} has changes without a commit; no update from here", err=True)
    ask = not defaults and sys.stdin.isatty() and sys.stdout.isatty()
    made = repository.write(path, source, given, ask=ask, with_git=with_git)
    _show(path, made)
    return 0


def _show(path: Path, made: list[str]) -> None:
    click.echo(f"{path}/")
    for line in _tree(made):
        click.echo(line)
    click.echo("\nNext:")
    click.echo(f"  cd {path}")
    click.echo("  gitops-scaffold add team checkout")
    click.echo("  gitops-scaffold validate")


def _tree(paths: list[str]) -> list[str]:
    """Paths drawn as a tree, directories before their files."""
    root: dict[str, Any] = {}
    for path in paths:
        node = root
        for part in path.split("/"):
            node = node.setdefault(part, {})
    return list(_branches(root, ""))


def _branches(node: dict[str, Any], indent: str) -> list[str]:
    lines = []
    for index, (name, below) in enumerate(sorted(node.items())):
        last = index == len(node) - 1
        lines.append(f"{indent}{'└──' if last else '├──'} {name}{'/' if below else ''}")
        lines += _branches(below, indent + ("    " if last else "│   "))
    return lines
