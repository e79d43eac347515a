"""What a change of layers does, shown, written, and told how it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scaffold.update import Outcome


def write(outcome: Outcome, command: str, *, dry_run: bool) -> int:
    """Show what an outcome does, write it unless that was not asked for, and return the exit code."""
    from scaffold.commands import update

    printed = update.lines(outcome)
    if not dry_run:
        outcome.write(command)
    for line in printed:
        click.echo(line)
    for line in [*update.questions(outcome), update.next_step(outcome, written=not dry_run)]:
        click.echo(line, err=True)
    return 1 if outcome.conflicts else 0
