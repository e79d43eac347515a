"""`rename`: call an application, a team, an environment or a cluster otherwise, and say what the engine does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.commands import options

if TYPE_CHECKING:
    from scaffold.fleet import Fleet
    from scaffold.growth.plan import Plan

_allow_destructive = click.option(
    "--allow-destructive", is_flag=True, help="Write it though the engine deletes what runs under the old name."
)


@click.group(
    "rename",
    short_help="Rename a team, an application, a cluster or an environment.",
    epilog="Example: gitops-scaffold rename environment prod production --dry-run",
)
def command() -> None:
    """Rename layers of a fleet repository; answers follow everywhere, and edits go along with their files.

    For an engine a name is an identity: it deletes what has the old one and makes the new one. The plan names what
    goes and in which order to do it; it is written only where that is allowed, or where nothing is deleted.
    """


@command.command("app", epilog="Example: gitops-scaffold rename app payments billing --team checkout --dry-run")
@click.argument("old")
@click.argument("new")
@click.option("--team", default="", help="The team that owns it; known in a team's own repository.")
@_allow_destructive
@options.repository
@options.dry_run
def app(old: str, new: str, team: str, repository: Path, *, allow_destructive: bool, dry_run: bool) -> int:
    """Rename the application OLD of a team to NEW."""
    from scaffold.growth import renaming

    def planned(fleet: Fleet) -> Plan:
        return renaming.app(fleet, options.owner(team, fleet), old, new)

    return _rename(repository, planned, dry_run=dry_run, agreed=allow_destructive, anywhere=True)


@command.command("team", epilog="Example: gitops-scaffold rename team checkout basket --dry-run")
@click.argument("old")
@click.argument("new")
@_allow_destructive
@options.repository
@options.dry_run
@options.jobs
def team(old: str, new: str, repository: Path, jobs: int | None, *, allow_destructive: bool, dry_run: bool) -> int:
    """Rename the team OLD with its applications to NEW; groups, images and channels in answers stay."""
    from scaffold.growth import renaming

    def planned(fleet: Fleet) -> Plan:
        return renaming.team(fleet, old, new, _processes(jobs))

    return _rename(repository, planned, dry_run=dry_run, agreed=allow_destructive)


@command.command("environment", epilog="Example: gitops-scaffold rename environment prod production --dry-run")
@click.argument("old")
@click.argument("new")
@_allow_destructive
@options.repository
@options.dry_run
@options.jobs
def environment(
    old: str, new: str, repository: Path, jobs: int | None, *, allow_destructive: bool, dry_run: bool
) -> int:
    """Rename the environment OLD to NEW, in every layer that is in it."""
    from scaffold.growth import renaming

    def planned(fleet: Fleet) -> Plan:
        return renaming.environment(fleet, old, new, _processes(jobs))

    return _rename(repository, planned, dry_run=dry_run, agreed=allow_destructive)


@command.command("cluster", epilog="Example: gitops-scaffold rename cluster eu-1 eu-west --dry-run")
@click.argument("old")
@click.argument("new")
@options.repository
@options.dry_run
@options.jobs
def cluster(old: str, new: str, repository: Path, jobs: int | None, *, dry_run: bool) -> int:
    """Rename the cluster OLD to NEW; it is the same cluster, so that nothing in it is made anew."""
    from scaffold.growth import renaming

    def planned(fleet: Fleet) -> Plan:
        return renaming.cluster(fleet, old, new, _processes(jobs))

    return _rename(repository, planned, dry_run=dry_run, agreed=True)


def _processes(jobs: int | None) -> int:
    from scaffold import workers

    return jobs or workers.default_jobs()


def _rename(
    repository: Path, planned: Callable[[Fleet], Plan], *, dry_run: bool, agreed: bool, anywhere: bool = False
) -> int:
    from scaffold.commands.planned import carry_out

    command_ = "gitops-scaffold rename"
    return carry_out(repository, planned, command_, dry_run=dry_run, agreed=agreed, anywhere=anywhere)
