"""`hold`: applications that are left alone for a while."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.commands import delivery

if TYPE_CHECKING:
    from scaffold.followed import State
    from scaffold.holds import Hold
    from scaffold.publish import Proposal


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

    from scaffold import instants

    now = datetime.datetime.now(datetime.UTC)
    found = _every(repository.resolve())
    for hold in found:
        until = f"{'until' if hold.is_active(now) else 'expired'} {instants.written(hold.until)}"
        click.echo(f"{hold.overlay}: {until} by {hold.by}: {hold.reason}")
    click.echo(f"holds: {len(found)}", err=True)
    return 0


def _every(root: Path) -> list[Hold]:
    """The holds at hand, and those of environments that have branches of their own."""
    from scaffold import followed, holds

    with followed.states(root) as states:
        apart = states.apart
        if not apart:
            return list(holds.every(root))
        paths = {overlay.path for overlay in states.everywhere.overlays.values() if overlay.environment in apart}
        found = [hold for hold in holds.every(root) if hold.overlay not in paths]
        for environment, state in apart.items():
            own = {item.path for item in state.repository.overlays.values() if item.environment == environment}
            found += [hold for hold in holds.every(state.root) if hold.overlay in own]
        return sorted(found)


@command.command(
    "release",
    short_help="Let what was held be bumped and promoted again.",
    epilog="Example: gitops-scaffold hold release payments --environment production --push",
)
@click.argument("application", metavar="APP")
@click.option("-e", "--environment", required=True, metavar="NAME", help="The environment.")
@delivery.options
def release(application: str, environment: str, chosen: delivery.Delivery) -> int:
    """Release APP, `app` or `team/app`: what was held there may be bumped and promoted again."""
    from scaffold import staging

    def propose(root: Path) -> Proposal:
        with chosen.states(environment, root) as states:
            return _proposal(states.here, environment, application)

    head = f"hold/{environment}/{application.replace('/', '-')}" if chosen.pull_request else ""
    if chosen.push:
        chosen.towards(environment).deliver(propose, head)
    else:
        with chosen.states(environment, write=True) as states:
            proposal = _proposal(states.here, environment, application)
        staging.files(chosen.root, proposal.contents)
        click.echo("next: commit", err=True)
    return 0


def _proposal(state: State, environment: str, application: str) -> Proposal:
    from scaffold import choice, holds
    from scaffold.publish import Proposal

    (overlay, *_) = choice.chosen(state.repository, environment, [application])
    contents = holds.released(state.root, overlay.path)
    title = f"Release {choice.full_name(overlay)} in {environment}"
    return Proposal(contents, f"{title}\n\nEnvironment: {environment}\n")
