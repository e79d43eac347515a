"""A plan shown, carried out, and told how it goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scaffold.fleet import Fleet
    from scaffold.growth.plan import Plan


def carry_out(
    repository: Path,
    planned: Callable[[Fleet], Plan],
    command: str,
    *,
    dry_run: bool,
    agreed: bool = True,
    anywhere: bool = False,
) -> int:
    """Plan for the fleet that a directory is in, show the plan, write it unless not asked to; return the exit code.

    Where nobody agreed to that, a plan by which an engine deletes what runs is not written. Only what goes `anywhere`
    goes in a team's own repository, too.
    """
    from scaffold import fleet, journal
    from scaffold.commands import progress

    found = fleet.find_any(repository) if anywhere else fleet.find(repository)
    journal.refuse_interrupted(found.root)
    with progress.bar():
        plan = planned(found)
        dangers = [] if agreed else _dangers(found, plan)
    for line in (*plan.lines(found.root), *dangers):
        click.echo(line)
    for note in plan.notes:
        click.echo(note, err=True)
    written = not (dry_run or dangers)
    if written:
        plan.apply(found.root, command)
    _told(found, written=written, dangerous=bool(dangers))
    return 1 if dangers and not dry_run else 0


def _dangers(fleet: Fleet, plan: Plan) -> list[str]:
    from scaffold import guard
    from scaffold.commands import validate

    perils = guard.of_edits(fleet.root, plan.edits, validate.options()) or []
    return [f"dangerous: {peril.where}: {peril.subject}: {peril.fact}" for peril in perils]


def _told(fleet: Fleet, *, written: bool, dangerous: bool) -> None:
    from scaffold import template

    version = fleet.recorded.version
    if newer := template.newer(version):
        fact = f"the {'repository' if fleet.owner else 'fleet'} is at template {version}, and {newer} is there"
        click.echo(f"{fact}: gitops-scaffold update", err=True)
    if written:
        click.echo("next: gitops-scaffold validate, then commit", err=True)
    elif dangerous:
        remedy = "to lose nothing, 'add' the new name, move over to it, then 'remove' the old one"
        click.echo(f"{remedy}; --allow-destructive goes this way", err=True)
        click.echo("nothing is written, because of the dangers", err=True)
    else:
        click.echo("nothing is written", err=True)
