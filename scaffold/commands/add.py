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
        if not (team or fleet.owner):
            raise click.UsageError("in a fleet repository an application belongs to a team; name it with --team")
        return growth.plan(fleet, team or fleet.owner, name, environments, given)

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


@command.command("environment", epilog="Example: gitops-scaffold add environment qa --after dev --cluster eu-1")
@click.argument("name")
@click.option("--cluster", default="", help="The cluster it is on (default: the control plane's).")
@click.option("--gate", type=click.Choice(["auto", "manual"]), help="Who deploys (default: manual for the last stage).")
@click.option("--after", default="", metavar="NAME", help="The environment before it (default: the last one).")
@click.option("--beside", default="", metavar="NAME", help="An environment of the same stage, instead of --after.")
@options.repository
@options.dry_run
def environment(
    name: str, cluster: str, gate: str | None, after: str, beside: str, repository: Path, *, dry_run: bool
) -> int:
    """Add the environment NAME to the fleet; teams and applications get it by their own answers."""
    from scaffold.growth import environment as growth

    if after and beside:
        raise click.UsageError("--after and --beside exclude each other; give one")
    wanted = growth.Wanted(name, cluster, gate or "", after, beside)
    return _grow(repository, lambda fleet: growth.plan(fleet, wanted), dry_run=dry_run)


def _grow(repository: Path, planned: Callable[[Fleet], Plan], *, dry_run: bool, anywhere: bool = False) -> int:
    from scaffold import fleet, journal, template

    found = fleet.find_any(repository) if anywhere else fleet.find(repository)
    journal.refuse_interrupted(found.root)
    plan = planned(found)
    for line in plan.lines(found.root):
        click.echo(line)
    if not dry_run:
        plan.apply(found.root, "gitops-scaffold add")
    for note in plan.notes:
        click.echo(note, err=True)
    if newer := template.newer(found.recorded.version):
        what = "repository" if found.owner else "fleet"
        fact = f"the {what} is at template {found.recorded.version}, and {newer} is there"
        click.echo(f"{fact}: gitops-scaffold update", err=True)
    click.echo("nothing is written" if dry_run else "next: gitops-scaffold validate, then commit", err=True)
    return 0
