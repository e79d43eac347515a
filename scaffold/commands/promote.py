"""`promote`: bring the versions of the stage before into an environment."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.commands import delivery
from scaffold.commands.pinned import Pinned, fleet_option
from scaffold.commands.pinning import Pinning

if TYPE_CHECKING:
    from scaffold.followed import States
    from scaffold.promote import Plan, Wanted
    from scaffold.publish import Proposal


@click.command(
    "promote",
    short_help="Bring the versions of the stage before into an environment.",
    epilog="Example: gitops-scaffold promote payments --to staging --pull-request",
)
@click.argument("applications", nargs=-1, metavar="[APP]...")
@click.option("--to", "environment", default="", metavar="NAME", help="The environment that gets them.")
@click.option(
    "--from", "source", default="", metavar="NAME", help="An environment of the stage before, if it has several."
)
@click.option("--all", "everything", is_flag=True, help="Every application that has something to get.")
@click.option("--patch", "patches", multiple=True, metavar="FILE", help="Carry this patch of the overlay too.")
@click.option("--fold", default="", metavar="FILE", help="Move a patch that every overlay of APP has into its base.")
@click.option(
    "--check", default="", metavar="REVISION", help="Find changes since then that skip a stage; 1 where some do."
)
@click.option("--with-others", is_flag=True, help="Let a pin bring more of the team's applications than APP.")
@fleet_option
@click.option("--allow-older", is_flag=True, help="Go back to an older version, which is refused else.")
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@delivery.options
def command(  # noqa: PLR0913  # one parameter an option
    applications: tuple[str, ...],
    environment: str,
    source: str,
    patches: tuple[str, ...],
    fold: str,
    check: str,
    chosen: delivery.Delivery,
    *,
    fleet: Path | None,
    everything: bool,
    with_others: bool,
    allow_older: bool,
    dry_run: bool,
) -> int:
    """Bring the image tags, digests and chart versions of the stage before into an environment.

    APP is `app` or `team/app`. Nothing else is carried: what the environment has of its own stays, and rendering before
    and after proves that. Without --push the files are changed where they are.

    Where Flux runs the commit that a pin names, the pin moves once the branch has everything: at once with --push, else
    when the same is run again after the merge.
    """
    from scaffold.promote import Wanted

    if check:
        return _checked(chosen.root, check)
    if fold:
        return _folded(chosen.root, applications, fold, dry_run=dry_run)
    if not environment:
        raise click.UsageError("nothing says where to; name an environment with --to, such as --to staging")
    if bool(applications) is everything:
        raise click.UsageError("one of APP and --all is needed; name an application such as payments")
    wanted = Wanted(applications, environment, source, patches, allow_older, with_others)
    pinning = Pinning(Pinned(chosen, fleet), wanted)
    push = chosen.push and not dry_run
    code = _pushed(chosen, wanted, pinning) if push else _written(chosen, wanted, pinning, dry_run=dry_run)
    pinning.pinned.note_elsewhere(environment)
    return code


def _written(chosen: delivery.Delivery, wanted: Wanted, pinning: Pinning, *, dry_run: bool) -> int:
    from scaffold import staging

    with chosen.states(wanted.environment, write=not dry_run) as states:
        plan = _planned(states, wanted)
    _show(plan)
    if not dry_run:
        staging.files(chosen.root, plan.contents)
    if not plan.promotions:
        pinning.write(dry_run=dry_run)
        return 0
    click.echo("nothing is written" if dry_run else "next: gitops-scaffold validate, then commit", err=True)
    pinning.announce()
    return 0


def _checked(root: Path, revision: str) -> int:
    from scaffold import followed
    from scaffold.promote import check

    with followed.states(root) as states:
        found = check.skips(states, revision)
    for skip in found:
        click.echo(str(skip))
    click.echo(f"skipped stages since {revision}: {len(found)}", err=True)
    return 1 if found else 0


def _folded(root: Path, applications: tuple[str, ...], name: str, *, dry_run: bool) -> int:
    from scaffold import staging
    from scaffold.promote import fold

    if len(applications) != 1:
        raise click.UsageError("--fold is about one application; name it, such as payments")
    contents = fold.plan(root, applications[0], name)
    for path, content in sorted(contents.items()):
        click.echo(f"{'delete' if content is None else 'write'} {path}")
    click.echo("every overlay renders as before", err=True)
    if not dry_run:
        staging.files(root, contents)
    return 0


def _planned(states: States, wanted: Wanted) -> Plan:
    import datetime

    from scaffold import promote

    return promote.plan(states, wanted, datetime.datetime.now(datetime.UTC))


def _show(plan: Plan) -> None:
    from scaffold.promote import message

    for item in plan.promotions:
        for line in message.table(item):
            click.echo(line)
        for line in message.brought(item):
            click.echo(line)
        for note in item.notes:
            click.echo(note, err=True)
    for note in plan.notes:
        click.echo(note, err=True)


def _pushed(chosen: delivery.Delivery, wanted: Wanted, pinning: Pinning) -> int:
    """Push one commit, or for pull requests one for each application; then the pins, if nothing has to be merged."""
    from scaffold import publish

    chosen = chosen.towards(wanted.environment)
    if not chosen.pull_request:
        pinning.refuse()
        pinning.push(after=_deliver(chosen, wanted, ""))
        return 0
    with (
        publish.at_tip(chosen.root, chosen.remote, chosen.branch) as tree,
        chosen.states(wanted.environment, tree) as states,
    ):
        plan = _planned(states, wanted)
    if not plan.promotions:
        _show(plan)
        pinning.push()
        return 0
    for item in plan.promotions:
        head = f"promote/{wanted.environment}/{item.name.replace('/', '-')}"
        _deliver(chosen, dataclasses.replace(wanted, applications=(item.name,)), head)
    pinning.announce()
    return 0


def _deliver(chosen: delivery.Delivery, wanted: Wanted, head: str) -> bool:
    """Push one commit, and tell whether there was anything to push."""
    from scaffold.promote import message
    from scaffold.publish import Proposal

    plans: list[Plan] = []

    def propose(root: Path) -> Proposal:
        with chosen.states(wanted.environment, root) as states:
            plan = _planned(states, wanted)
            plans.append(plan)
            return Proposal(plan.contents, message.message(plan.promotions) if plan.promotions else "")

    is_pushed = chosen.deliver(propose, head)
    _show(plans[-1])
    return is_pushed
