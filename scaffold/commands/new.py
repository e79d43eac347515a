"""`new`: write a fleet repository, or that of a team."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold.commands import options

if TYPE_CHECKING:
    from scaffold.template import Template


@click.command(
    "new",
    short_help="Write a fleet repository, or that of a team.",
    epilog="Example: gitops-scaffold new fleet --data fleet=acme --data environments='dev, staging, production'",
)
@click.argument("path", type=click.Path(path_type=Path))
@options.data
@options.answers
@click.option("--defaults", is_flag=True, help="Ask nothing: questions without an answer get their default.")
@click.option(
    "--fleet",
    "of_fleet",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Write the repository of a team of this fleet, from what is recorded there.",
)
@click.option("--team", default="", metavar="NAME", help="That team.")
@click.option("--git/--no-git", "with_git", default=True, help="Make a Git repository with a first commit (default).")
def command(
    path: Path,
    pairs: tuple[str, ...],
    answers_file: Path | None,
    of_fleet: Path | None,
    team: str,
    *,
    defaults: bool,
    with_git: bool,
) -> int:
    """Write a fleet repository, its clusters included, into PATH, which must be empty or absent.

    With --fleet and --team it is the repository of a team that the fleet registers, and nothing is asked. Else, at a
    terminal, it asks for what is not given; elsewhere, or with --defaults, questions have their defaults.
    """
    from scaffold import fleet
    from scaffold.growth import repository

    if bool(of_fleet) != bool(team):
        raise click.UsageError("--fleet and --team go together; give both")
    given = options.given(pairs, answers_file)
    if of_fleet:
        made = repository.write_for_team(path, fleet.find(of_fleet), team, given, with_git=with_git)
    else:
        ask = not defaults and sys.stdin.isatty() and sys.stdout.isatty()
        made = repository.write(path, _template(), given, ask=ask, with_git=with_git)
    _show(path, made)
    return 0


def _template() -> Template:
    from scaffold import template

    source = template.installed()
    if source.dirty:
        click.echo(f"the template in {source.stand_in} has changes without a commit; no update from here", err=True)
    return source


def _show(path: Path, made: list[str]) -> None:
    from scaffold import fleet

    click.echo(f"{path}/")
    for line in _tree(made):
        click.echo(line)
    click.echo("\nNext:")
    click.echo(f"  cd {path}")
    written = fleet.find_any(path)
    url = "" if written.holds_applications else " --data team_repository_url=…"
    click.echo("  gitops-scaffold add app payments" if written.owner else f"  gitops-scaffold add team checkout{url}")
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
