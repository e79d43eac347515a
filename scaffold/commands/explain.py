"""`gitops-scaffold explain`: a rule's manual."""

from __future__ import annotations

import click


@click.command(epilog="Example: gitops-scaffold explain floating-image")
@click.argument("rule")
def command(rule: str) -> int:
    """Print what RULE catches, why that is bad, and an example of each side."""
    from scaffold.nearest import hint
    from scaffold.rules import RULES

    if rule not in RULES:
        raise click.UsageError(f"rule {rule!r} is unknown; {hint(rule, RULES)}")
    click.echo(f"{rule} ({RULES[rule].SEVERITY})\n")
    click.echo((RULES[rule].__doc__ or "").strip())
    return 0
