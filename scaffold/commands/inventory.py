"""`inventory`: what a repository declares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.commands.pinned import fleet_option

if TYPE_CHECKING:
    from scaffold.model import Place


@click.command("inventory", epilog="Example: gitops-scaffold inventory --format json | jq '.applications[].images'")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print it.",
)
@fleet_option
def command(path: Path, format_: str, fleet: Path | None) -> int:
    """List environments, clusters, teams, and applications as the engine will create them, with their images.

    The applications of an environment that has a branch of its own are those of that branch, as it was fetched last;
    those of a team that Flux is pinned for, those of the commit that the pin names. Those pins stand in the fleet
    repository, which a team's own repository names with --fleet.
    """
    from scaffold import declared, inventory
    from scaffold.commands.validate import options

    with declared.declared(path.resolve(), options(), fleet) as known:
        found = inventory.inventory(known.repository, lambda place: _line(known.root(place.path), place))
    for note in known.notes:
        click.echo(note, err=True)
    lines = [json.dumps(found, indent=2)] if format_ == "json" else inventory.table(found)
    for line in lines:
        click.echo(line)
    return 0


def _line(root: Path, place: Place) -> int:
    from scaffold import parse

    if place.line:
        return place.line
    text = (root / place.path).read_text(encoding="utf-8")
    return parse.locate(text, place.document, place.pointer, at_key=place.at_key)[0]
