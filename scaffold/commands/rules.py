"""`gitops-scaffold rules`: what validate checks."""

from __future__ import annotations

import click


@click.command(epilog="Example: gitops-scaffold rules")
def command() -> int:
    """List every rule with its severity and what it catches."""
    from scaffold.rules import RULES, sentence

    width = max(map(len, RULES))
    for name, rule in RULES.items():
        click.echo(f"{name:<{width}}  {rule.SEVERITY:<7}  {sentence(rule)}")
    return 0
