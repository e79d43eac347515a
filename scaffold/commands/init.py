"""`gitops-scaffold init`: the settings of a repository that nobody here made."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(epilog="Example: gitops-scaffold init ../deployments")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
def command(path: Path) -> int:
    """Write .gitops-scaffold.yaml at PATH (default: here) from what the repository shows, for you to correct."""
    from scaffold import infer, settings

    found = infer.write(path.resolve())
    counts = f"environments: {found.environments}, clusters: {found.clusters}"
    click.echo(f"create {path / settings.NAME}")
    click.echo(f"{counts}; correct the file, then run `gitops-scaffold validate`", err=True)
    return 0
