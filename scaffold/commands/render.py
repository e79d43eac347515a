"""`gitops-scaffold render`: what an overlay becomes, exactly as kustomize or Helm prints it."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(epilog="Example: gitops-scaffold render apps/checkout/payments/overlays/dev")
@click.argument("overlay", required=False)
@click.option("--all", "all_", is_flag=True, help="Render every overlay of the repository, each under its name.")
@click.option("--root", type=click.Path(path_type=Path), default=Path(), help="The repository (default: here).")
@click.option("--kustomize", default="", metavar="PROGRAM", help="Build with this kustomize, not the embedded one.")
def command(overlay: str | None, root: Path, kustomize: str, *, all_: bool) -> int:
    """Print the manifests that OVERLAY, or with --all every overlay, renders to."""
    from scaffold import survey
    from scaffold.commands.validate import helm_cache

    if (overlay is None) is not all_:
        example = "apps/checkout/payments/overlays/dev"
        raise click.UsageError(f"one of OVERLAY and --all is needed; name an overlay such as {example}")
    renderer = survey.Renderer(root.resolve(), kustomize, helm_cache())
    failed = 0
    for result in renderer.each(overlay):
        if all_:
            click.echo(f"---\n# {result.path}")
        if result.error:
            click.echo(f"gitops-scaffold: error: {result.path}: {result.error}", err=True)
            failed += 1
        else:
            click.echo(result.text, nl=False)
    return 1 if failed else 0
