"""`add`: let a fleet repository grow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.commands import options

if TYPE_CHECKING:
    from scaffold.fleet import Fleet
    from scaffold.growth.plan import Plan

_environments = click.option(
    "-e",
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    help="Only this one; may be given several times.",
)


@click.group("add", short_help="Add a team, an application, a cluster or an environment.")
def command() -> None:
    """Add a layer to a fleet repository, its answers filled from what the fleet records."""


@command.command("team", epilog="Example: gitops-scaffold add team checkout --environment dev --data cpu_quota=16")
@click.argument("name")
@_environments
@options.data
@options.answers
@options.repository
@options.dry_run
def team(
    name: str,
    environments: tuple[str, ...],
    pairs: tuple[str, ...],
    answers_file: Path | None,
    repository: Path,
    *,
    dry_run: bool,
) -> int:
    """Add the team NAME: its projects, generators and namespaces, and its lines in CODEOWNERS."""
    from scaffold.growth import team as growth

    given = options.given(pairs, answers_file)
    return _grow(repository, lambda fleet: growth.plan(fleet, name, environments, given), dry_run=dry_run)


@command.command("app", epilog="Example: gitops-scaffold add app payments --team checkout --data tag=1.4.2")
@click.argument("name")
@click.option("--team", default="", help="The team that owns it; known in a team's own repository.")
@_environments
@options.data
@options.answers
@options.repository
@options.dry_run
def app(
    name: str,
    team: str,
    environments: tuple[str, ...],
    pairs: tuple[str, ...],
    answers_file: Path | None,
    repository: Path,
    *,
    dry_run: bool,
) -> int:
    """Add the application NAME of a team: a base, and an overlay for each environment."""
    from scaffold.growth import app as growth

    given = options.given(pairs, answers_file)

    def planned(fleet: Fleet) -> Plan:
        return growth.plan(fleet, options.owner(team, fleet), name, environments, given)

    return _grow(repository, planned, dry_run=dry_run, anywhere=True)


@command.command(
    "cluster", epilog="Example: gitops-scaffold add cluster eu-1 --data server=https://eu-1.example.org:6443"
)
@click.argument("name")
@options.data
@options.answers
@options.repository
@options.dry_run
def cluster(name: str, pairs: tuple[str, ...], answers_file: Path | None, repository: Path, *, dry_run: bool) -> int:
    """Add the cluster NAME to the fleet."""
    from scaffold.growth import cluster as growth

    given = options.given(pairs, answers_file)
    return _grow(repository, lambda fleet: growth.plan(fleet, name, given), dry_run=dry_run)


@command.command("environment", epilog="Example: gitops-scaffold add environment qa --after dev --like staging")
@click.argument("name")
@click.option("--cluster", default="", help="The cluster it is on (default: the control plane's).")
@click.option("--gate", type=click.Choice(["auto", "manual"]), help="Who deploys (default: manual for the last stage).")
@click.option("--after", default="", metavar="NAME", help="The environment before it (default: the last one).")
@click.option("--beside", default="", metavar="NAME", help="An environment of the same stage, instead of --after.")
@click.option("--like", default="", metavar="NAME", help="Whatever is in this environment gets the new one.")
@click.option("--team", "teams", multiple=True, metavar="NAME", help="This team and all of its applications get it.")
@click.option("--app", "apps", multiple=True, metavar="TEAM/APP", help="This application and its team get it.")
@options.repository
@options.dry_run
@options.jobs
def environment(  # noqa: PLR0913  # one parameter an option
    name: str,
    cluster: str,
    gate: str | None,
    like: str,
    teams: tuple[str, ...],
    apps: tuple[str, ...],
    *,
    after: str,
    beside: str,
    repository: Path,
    jobs: int | None,
    dry_run: bool,
) -> int:
    """Add the environment NAME to the fleet, and to those who are to have it.

    One that is there already is given to more teams or applications.
    """
    from scaffold import workers
    from scaffold.growth import environment as growth

    if after and beside:
        raise click.UsageError("--after and --beside exclude each other; give one")
    wanted = growth.Wanted(name, cluster, gate or "", after, beside)
    takers = growth.Takers(like, teams, apps)

    def planned(fleet: Fleet) -> Plan:
        return growth.plan(fleet, wanted, takers, jobs or workers.default_jobs())

    return _grow(repository, planned, dry_run=dry_run, anywhere=True)


def _grow(repository: Path, planned: Callable[[Fleet], Plan], *, dry_run: bool, anywhere: bool = False) -> int:
    from scaffold.commands.planned import carry_out

    return carry_out(repository, planned, "gitops-scaffold add", dry_run=dry_run, anywhere=anywhere)
