"""`bump`: write an image's new version wherever an environment sets it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.commands import delivery

if TYPE_CHECKING:
    from scaffold.bump import Plan, Wanted
    from scaffold.bump.provenance import Source


@click.command(
    "bump",
    short_help="Write an image's new version wherever an environment sets it.",
    epilog="Example: gitops-scaffold bump registry.example.com/checkout/payments:1.4.2 --environment dev --push",
)
@click.argument("image")
@click.option("-e", "--environment", required=True, metavar="NAME", help="The environment that gets it.")
@click.option("--app", "applications", multiple=True, metavar="NAME", help="Only this one, 'app' or 'team/app'.")
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@click.option("--allow-older", is_flag=True, help="Go back to an older build, which is refused else.")
@click.option("--source", type=click.Path(path_type=Path, exists=True), help="The checkout that it is built from.")
@click.option("--time", default="", metavar="TIME", help="When the commit was made that the image is built from.")
@delivery.options
def command(  # noqa: PLR0913  # one parameter an option
    image: str,
    environment: str,
    applications: tuple[str, ...],
    source: Path | None,
    time: str,
    chosen: delivery.Delivery,
    *,
    dry_run: bool,
    allow_older: bool,
) -> int:
    """Write IMAGE, `name:tag` or `name@digest`, wherever it is set for an environment: exactly those bytes.

    What other environments share is not edited for one; its overlay says the version instead. Without --push the files
    are changed where they are; with it a commit is made on the tip of the remote branch.
    """
    from scaffold import bump, staging
    from scaffold.bump import provenance
    from scaffold.model import Image

    wanted = Image.of(image)
    if not wanted.version:
        raise click.UsageError(f"image {image!r} has no tag and no digest; write name:tag or name@sha256:…")
    origin = provenance.of_checkout(source) if source else provenance.Source()
    origin = origin._replace(time=provenance.parsed(time)) if time else origin
    asked = bump.Wanted(wanted, environment, applications, allow_older, origin.time)
    if chosen.push and not dry_run:
        return _pushed(chosen, asked, origin)
    with chosen.states(environment, write=not dry_run) as states:
        plan = bump.plan(states.of(environment), asked)
    _show(plan, asked)
    if not dry_run:
        staging.files(chosen.root, plan.contents)
    if plan.moves:
        click.echo("nothing is written" if dry_run else "next: gitops-scaffold validate, then commit", err=True)
    return 0


def _show(plan: Plan, wanted: Wanted) -> None:
    for move in plan.moves:
        click.echo(str(move))
    for note in plan.notes:
        click.echo(note, err=True)
    if not plan.moves:
        click.echo(f"{wanted.environment} has {wanted.image} already", err=True)


def _pushed(chosen: delivery.Delivery, wanted: Wanted, source: Source) -> int:
    """Push one commit, or for pull requests one for each application."""
    from scaffold import bump, publish

    chosen = chosen.towards(wanted.environment)
    if not chosen.pull_request:
        _deliver(chosen, wanted, source, "")
        return 0
    with (
        publish.at_tip(chosen.root, chosen.remote, chosen.branch) as tree,
        chosen.states(wanted.environment, tree) as states,
    ):
        names = bump.applications(states.here, wanted)
    for name in names:
        head = f"bump/{wanted.environment}/{name.replace('/', '-')}"
        _deliver(chosen, dataclasses.replace(wanted, applications=(name,)), source, head)
    return 0


def _deliver(chosen: delivery.Delivery, wanted: Wanted, source: Source, head: str) -> None:
    from scaffold import bump
    from scaffold.bump import message
    from scaffold.publish import Proposal

    plans: list[Plan] = []

    def propose(root: Path) -> Proposal:
        with chosen.states(wanted.environment, root) as states:
            plans.append(bump.plan(states.here, wanted))
        return Proposal(plans[-1].contents, message.message(plans[-1], wanted, source))

    chosen.deliver(propose, head)
    _show(plans[-1], wanted)
