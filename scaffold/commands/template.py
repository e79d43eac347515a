"""`template`: where the template comes from, and how plain Copier finds it."""

from __future__ import annotations

import shlex

import click


@click.command(
    "template",
    short_help="Show the template's version, and how plain Copier finds it.",
    epilog='Example: eval "$(gitops-scaffold template --env)" && copier update',
)
@click.option(
    "--env", "env", is_flag=True, help="Print the environment in which Git finds the template without network."
)
def command(*, env: bool) -> int:
    """Show which template 'new' writes from: its address, its version, and what stands in for the address.

    With --env it prints shell commands after which plain 'copier copy' and 'copier update' work without network.
    """
    from scaffold import template

    found = template.installed()
    if env:
        for name, value in template.redirection(found.address, found.stand_in).items():
            click.echo(f"export {name}={shlex.quote(value)}")
        return 0
    click.echo(f"address  {found.address}\nversion  {found.version}\nfrom     {found.stand_in or 'the address'}")
    return 0
