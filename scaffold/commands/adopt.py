"""`adopt`: what is deployed in another way becomes an application of the fleet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scaffold.adopt import Adopted
    from scaffold.model import LocatedFinding


@click.command(
    "adopt",
    short_help="Make what is deployed in another way an application that renders as before.",
    epilog="Example: gitops-scaffold adopt ../payments/k8s --team checkout --app payments -e production=prod",
)
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option("--team", required=True, metavar="NAME", help="The team that owns it.")
@click.option("--app", "name", default="", metavar="NAME", help="The application's name (default: the directory's).")
@click.option(
    "-e",
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME=PATH",
    help="Where an environment stands below SOURCE (default: by the names of directories).",
)
@click.option(
    "--values", multiple=True, metavar="NAME=FILE,FILE", help="The values files of an environment of a chart."
)
@click.option("--release", default="", metavar="NAME", help="The name that Helm knows the release by (default: --app).")
@click.option("--namespace", default="", metavar="NAME", help="The namespace that Helm deploys to.")
@click.option("--chart-repository", default="", metavar="URL", help="Where a packaged chart comes from.")
@click.option("--repository", type=click.Path(path_type=Path, exists=True), default=".", help="The fleet repository.")
@click.option("--allow-findings", is_flag=True, help="Write it though the fleet will have findings, or refuse a part.")
@click.option("--dry-run", is_flag=True, help="Show the plan and write nothing.")
def command(  # noqa: PLR0913  # one parameter an option
    source: Path,
    team: str,
    name: str,
    environments: tuple[str, ...],
    values: tuple[str, ...],
    release: str,
    namespace: str,
    *,
    chart_repository: str,
    repository: Path,
    allow_findings: bool,
    dry_run: bool,
) -> int:
    """Adopt SOURCE: a Kustomize tree, a chart, manifests, or what `kubectl get -o yaml` printed.

    A chart is a directory, which is copied into the fleet, or what `helm pull` wrote. Every environment is rendered
    before and after, and nothing is written unless both are equal, and `validate` will find nothing of it.
    """
    from scaffold import adopt, fleet
    from scaffold.adopt import Release, Wanted
    from scaffold.commands.validate import helm_cache, options

    given = {key: tuple(Path(part) for part in text.split(",")) for key, text in _pairs(values, "--values").items()}
    chart = Release(release, namespace, chart_repository, given)
    called = name or (source.resolve().name if source.is_dir() else source.stem)
    wanted = Wanted(source, team, called, _pairs(environments, "--environment"), chart)
    home = fleet.find(repository)
    found = adopt.plan(home, wanted, helm_cache())
    _show(found, home.root)
    if not allow_findings:
        _refuse([*found.flaws, *map(_line, adopt.findings(home.root, found.plan, options()))], source)
    if not dry_run:
        found.plan.apply(home.root, "gitops-scaffold adopt")
    click.echo("nothing is written" if dry_run else "next: gitops-scaffold validate, then commit", err=True)
    return 0


def _pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    found = {}
    for pair in given:
        name, equals, text = pair.partition("=")
        if not equals or not text:
            raise click.UsageError(f"{option} {pair!r} is no pair; write an environment, '=' and a path")
        found[name] = text
    return found


def _refuse(flaws: list[str], source: Path) -> None:
    from scaffold.errors import RefusedError

    for flaw in flaws:
        click.echo(flaw, err=True)
    if flaws:
        fact = f"the fleet would have flaws with it, {len(flaws)}"
        raise RefusedError(f"{fact}; mend them in {str(source)!r}, or --allow-findings writes it all the same")


def _line(found: LocatedFinding) -> str:
    place = ":".join(str(part) for part in found.location)
    return f"{place}: {found.severity}: {found.message} [{found.rule}]"


def _show(found: Adopted, root: Path) -> None:
    for line in found.plan.lines(root):
        click.echo(line)
    for name, count in found.equal.items():
        click.echo(f"{name} renders as before, objects: {count}", err=True)
    for note in found.plan.notes:
        click.echo(f"note: {note}", err=True)
