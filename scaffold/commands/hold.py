"""`hold`: applications that are left alone for a while."""

from __future__ import annotations

from pathlib import Path

import click

from scaffold.commands import delivery


@click.group(
    "hold",
    short_help="List or release applications that went back and are held there.",
    epilog="Example: gitops-scaffold hold list",
)
def command() -> None:
    """A hold stands beside an overlay; `bump` and `promote` leave it alone until it expires or is released."""


@command.command("list", epilog="Example: gitops-scaffold hold list")
@click.option(
    "--repository",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=".",
    help="The repository, or a directory in it (default: here).",
)
def list_(repository: Path) -> int:
    """List the holds, those that have expired too."""
    import datetime

    from scaffold import holds, instants

    now = datetime.datetime.now(datetime.UTC)
    found = list(holds.every(repository.resolve()))
    for hold in found:
        until = f"{'until' if hold.is_active(now) else 'expired'} {instants.written(hold.until)}"
        click.echo(f"{hold.overlay}: {until} by {hold.by}: {hold.reason}")
    click.echo(f"holds: {len(found)}", err=True)
    return 0


@command.command("release", epilog="Example: gitops-scaffold hold release payments --environment production --push")
@click.argument("application", metavar="APP")
@click.option("-e", "--environment", required=True, metavar="NAME", help="The environment.")
@delivery.options
def release(application: str, environment: str, chosen: delivery.Delivery) -> int:
    """Release APP, `app` or `team/app`: what was held there may be bumped and promoted again."""
    from scaffold import choice, holds, staging, survey
    from scaffold.publish import Proposal

    def propose(root: Path) -> Proposal:
        (overlay, *_) = choice.chosen(survey.survey(root), environment, [application])
        name = choice.full_name(overlay)
        contents = holds.released(root, overlay.path)
        return Proposal(contents, f"Release {name} in {environment}\n\nEnvironment: {environment}\n")

    head = f"release/{environment}/{application.replace('/', '-')}" if chosen.pull_request else ""
    if chosen.push:
        chosen.deliver(propose, head)
    else:
        staging.files(chosen.root, propose(chosen.root).contents)
        click.echo("next: commit", err=True)
    return 0
