"""`audit`: who still deploys behind Git's back."""

from __future__ import annotations

from pathlib import Path

import click

_FORMATS = ("text", "json", "sarif", "markdown")


@click.command("audit", epilog="Example: gitops-scaffold audit --format markdown > migration.md")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--format", "format_", type=click.Choice(_FORMATS), default="text", show_default=True, help="How to print."
)
def command(path: Path, format_: str) -> int:
    """Find direct cluster access in the CI of the repository at PATH (default: here), and what replaces it.

    Ends with 1 where something changes a cluster or holds a credential of one; what only asks is information.
    """
    from scaffold import audit
    from scaffold.model import Severity
    from scaffold.report import access

    found = audit.audit(path.resolve())
    for line in access.REPORTERS[format_](found):
        click.echo(line)
    for line in access.text.summary(found):
        click.echo(line, err=True)
    return 1 if any(item.severity is not Severity.INFO for item in found.accesses) else 0
