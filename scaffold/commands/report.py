"""`report`: one page about the whole fleet."""

from __future__ import annotations

from pathlib import Path

import click

from scaffold.commands.pinned import fleet_option


@click.command("report", epilog="Example: gitops-scaffold report --output fleet.html")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--format",
    "format_",
    type=click.Choice(("html", "markdown", "json")),
    default="html",
    show_default=True,
    help="The kind of page.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file, not to stdout."
)
@fleet_option
def command(path: Path, format_: str, output: Path | None, fleet: Path | None) -> int:
    """Write a page about the repository at PATH (default: here): versions, gates, lag, access, findings.

    It needs no network and no server, and says what is declared; what a cluster runs, only the engine knows.
    """
    import datetime

    from scaffold import overview, staging
    from scaffold.commands import progress, validate
    from scaffold.commands.telling import counted
    from scaffold.report import page

    with progress.bar():
        today = datetime.datetime.now(datetime.UTC).date()
        found = overview.overview(path.resolve(), validate.options(), today, fleet)
    text = page.PAGES[format_](found)
    if output is None:
        click.echo(text, nl=False)
        return 0
    staging.files(output.absolute().parent, {output.name: staging.Content(text.encode())})
    told = f"{counted(len(found.rows), 'application')}, {counted(len(found.findings), 'finding')}"
    click.echo(f"{output}: {told}", err=True)
    return 0
