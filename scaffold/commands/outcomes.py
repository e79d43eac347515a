"""What a change of layers does, to files and to clusters: shown, written, and told how it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scaffold.guard import Peril
    from scaffold.update import Outcome


def write(outcome: Outcome, perils: list[Peril] | None, command: str, *, dry_run: bool, agreed: bool) -> int:
    """Show what an outcome does, write it where that is asked for and agreed to, and return the exit code."""
    from scaffold import guard
    from scaffold.commands import telling

    refused = bool(perils) and not agreed
    printed = [*telling.lines(outcome), *telling.told(perils)]
    if not (dry_run or refused):
        outcome.write(f"gitops-scaffold {command}")
    for line in printed:
        click.echo(line)
    for line in telling.questions(outcome):
        click.echo(line, err=True)
    if refused:
        for line in (*guard.steps(perils or (), command), "nothing is written, because of the dangers"):
            click.echo(line, err=True)
    else:
        click.echo(telling.next_step(outcome, written=not dry_run), err=True)
    return 1 if outcome.conflicts or refused else 0
