"""`remove`: take an application, a team, an environment or a cluster out of the fleet, and say what the engine does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.commands import options

if TYPE_CHECKING:
    from scaffold.fleet import Fleet
    from scaffold.growth.plan import Plan


@click.group(
    "remove",
    short_help="Remove a team, an application, a cluster or an environment.",
    epilog="Example: gitops-scaffold remove environment qa --dry-run",
)
def command() -> None:
    """Remove a layer from a fleet repository.

    The plan says what is deleted here and, in order, what the engine does after that and what is left for people.
    """


@command.command("app", epilog="Example: gitops-scaffold remove app payments --team checkout --dry-run")
@click.argument("name")
@click.option("--team", default="", help="The team that owns it; known in a team's own repository.")
@click.option("-e", "--environment", "environments", multiple=True, metavar="NAME", help="Only from this environment.")
@options.repository
@options.dry_run
def app(name: str, team: str, environments: tuple[str, ...], repository: Path, *, dry_run: bool) -> int:
    """Remove the application NAME of a team, or take it out of some environments."""
    from scaffold.growth import removal

    def planned(fleet: Fleet) -> Plan:
        return removal.app(fleet, options.owner(team, fleet), name, environments)

    return _shrink(repository, planned, dry_run=dry_run, anywhere=True)


@command.command("team", epilog="Example: gitops-scaffold remove team checkout")
@click.argument("name")
@options.repository
@options.dry_run
def team(name: str, repository: Path, *, dry_run: bool) -> int:
    """Remove the team NAME and its lines in CODEOWNERS, once none of its applications is left."""
    from scaffold.growth import removal

    return _shrink(repository, lambda fleet: removal.team(fleet, name), dry_run=dry_run)


@command.command("environment", epilog="Example: gitops-scaffold remove environment qa")
@click.argument("name")
@click.option("--at-once", is_flag=True, help="All stages in one change, where nothing runs in it.")
@options.repository
@options.dry_run
@options.jobs
def environment(name: str, repository: Path, jobs: int | None, *, at_once: bool, dry_run: bool) -> int:
    """Remove the environment NAME, a stage at a time: from applications, then from teams, then from the fleet.

    The engine has to lose them in this order; the same command goes on with the next stage. Where teams have
    repositories of their own, begin in each of those.
    """
    from scaffold import workers
    from scaffold.growth import removal

    processes = jobs or workers.default_jobs()

    def planned(fleet: Fleet) -> Plan:
        return removal.environment(fleet, name, processes, at_once=at_once)

    return _shrink(repository, planned, dry_run=dry_run, anywhere=True)


@command.command("cluster", epilog="Example: gitops-scaffold remove cluster eu-1")
@click.argument("name")
@options.repository
@options.dry_run
def cluster(name: str, repository: Path, *, dry_run: bool) -> int:
    """Remove the cluster NAME, once no environment is on it."""
    from scaffold.growth import removal

    return _shrink(repository, lambda fleet: removal.cluster(fleet, name), dry_run=dry_run)


def _shrink(repository: Path, planned: Callable[[Fleet], Plan], *, dry_run: bool, anywhere: bool = False) -> int:
    from scaffold.commands.planned import carry_out

    return carry_out(repository, planned, "gitops-scaffold remove", dry_run=dry_run, anywhere=anywhere)
