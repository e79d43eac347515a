"""`rollback`: one application goes back in one environment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.commands import delivery
from scaffold.commands.pinned import Pinned, fleet_option
from scaffold.commands.returning import Returning

if TYPE_CHECKING:
    import datetime

    from scaffold.rollback import Plan, Wanted


@click.command(
    "rollback",
    short_help="Bring one application in one environment back to an earlier state, and hold it there.",
    epilog="Example: gitops-scaffold rollback payments -e production --reason 'errors at checkout' --push",
)
@click.argument("application", metavar="APP")
@click.option("-e", "--environment", required=True, metavar="NAME", help="The environment.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is written into the commit and the hold.")
@click.option("--to", default="", metavar="STATE", help="A commit or a version (default: the last good state).")
@click.option("--hold", default=168, show_default=True, metavar="HOURS", help="How long it is held; 0 for not at all.")
@click.option("--pin", is_flag=True, help="Take what is shared as it was then too, for this environment alone.")
@click.option("--with-others", is_flag=True, help="Let a pin take more of the team's applications back than APP.")
@click.option("--alone", is_flag=True, help="Take APP back in its own files where a pin decides, for the next release.")
@fleet_option
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@delivery.options
def command(  # noqa: PLR0913  # one parameter an option
    application: str,
    environment: str,
    reason: str,
    to: str,
    hold: int,
    chosen: delivery.Delivery,
    *,
    pin: bool,
    with_others: bool,
    alone: bool,
    fleet: Path | None,
    dry_run: bool,
) -> int:
    """Bring APP, `app` or `team/app`, back to an earlier state in an environment, by a new commit.

    Only the directory of its overlay changes, whatever else the commits touched that are taken back. A hold stays
    there, which `bump` and `promote` respect.

    Where Flux runs the commit that a pin names, the pin goes back to one that it named before. That takes all of the
    team's applications back, so it needs --with-others where others differ.
    """
    import datetime

    from scaffold import rollback, staging
    from scaffold.rollback import Wanted

    now = datetime.datetime.now(datetime.UTC)
    until = now + datetime.timedelta(hours=hold) if hold > 0 else None
    wanted = Wanted(application, environment, reason, to, until, pin, with_others)
    returning = Returning(Pinned(chosen, fleet), wanted, now)
    if not (alone or pin) and returning.is_pinned():
        return returning.write(dry_run=dry_run) if dry_run or not chosen.push else returning.push()
    if chosen.push and not dry_run:
        return _pushed(chosen, wanted, now)
    with chosen.states(environment, write=not dry_run) as states:
        plan = rollback.plan(states.of(environment), wanted, now)
    _show(plan)
    if not dry_run:
        staging.files(chosen.root, plan.contents)
    click.echo("nothing is written" if dry_run else "next: gitops-scaffold validate, then commit", err=True)
    return 0


def _show(plan: Plan) -> None:
    click.echo(f"{plan.overlay.path} as in {plan.target}")
    for version in plan.versions:
        click.echo(version)
    for state in plan.undone:
        click.echo(f"takes back {state}")
    for note in plan.notes:
        click.echo(note, err=True)


def _pushed(chosen: delivery.Delivery, wanted: Wanted, now: datetime.datetime) -> int:
    from scaffold import git, rollback
    from scaffold.publish import Proposal
    from scaffold.rollback import message

    chosen = chosen.towards(wanted.environment)
    plans: list[Plan] = []

    def propose(root: Path) -> Proposal:
        with chosen.states(wanted.environment, root) as states:
            plans.append(rollback.plan(states.here, wanted, now))
        head = git.run(root, "rev-parse", "HEAD").strip()
        return Proposal(plans[-1].contents, message.message(plans[-1], wanted, head))

    name = wanted.application.replace("/", "-")
    chosen.deliver(propose, f"rollback/{wanted.environment}/{name}" if chosen.pull_request else "")
    _show(plans[-1])
    return 0
