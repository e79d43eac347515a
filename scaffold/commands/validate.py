"""`gitops-scaffold validate`: findings on stdout, what they cover on stderr."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.commands import printing

if TYPE_CHECKING:
    from scaffold.validate import Options

_PROFILES = ("default", "strict", "security")


@click.command(epilog="Example: gitops-scaffold validate . --require-rendered --output sarif=results.sarif")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@printing.format_
@printing.output
@click.option("--profile", type=click.Choice(_PROFILES), help="Hold the repository to another profile.")
@click.option("--kustomize", default="", metavar="PROGRAM", help="Build with this kustomize, not the embedded one.")
@click.option("--changed-since", default="", metavar="REVISION", help="Render only what a change since then reaches.")
@click.option("--require-rendered", is_flag=True, help="Report what could not be rendered as an error.")
@click.option("--jobs", type=click.IntRange(1), help="Processes to use; as many as the machine runs at once.")
@click.option("--no-cache", is_flag=True, help="Neither read nor keep results.")
def command(  # noqa: PLR0913  # one parameter an option
    path: Path,
    format_: str,
    outputs: tuple[str, ...],
    profile: str | None,
    kustomize: str,
    changed_since: str,
    jobs: int | None,
    *,
    require_rendered: bool,
    no_cache: bool,
) -> int:
    """Say what the engines would say about the repository at PATH (default: here)."""
    from scaffold import validate
    from scaffold.commands import progress

    targets = printing.targets(format_, outputs)
    chosen = dataclasses.replace(
        options(),
        kustomize=kustomize,
        changed_since=changed_since,
        require_rendered=require_rendered,
        profile=profile or "",
    )
    if no_cache:
        chosen = dataclasses.replace(chosen, cache=None)
    if jobs:
        chosen = dataclasses.replace(chosen, jobs=jobs)
    root = path.resolve()
    with progress.bar() as report:
        validate.on_progress(report)
        outcome = validate.validate(root, chosen)
    printing.write(outcome, root, targets)
    return 1 if outcome.findings else 0


def options() -> Options:
    """The options that the environment decides: where caches are, and how many processes may run."""
    import platformdirs

    from scaffold import validate

    cache = Path(platformdirs.user_cache_dir("gitops-scaffold"))
    return validate.Options(cache=cache, helm_cache=helm_cache(), jobs=validate.default_jobs())


def helm_cache() -> Path:
    """Where Helm keeps the charts that it has pulled."""
    import platformdirs

    if os.environ.get("HELM_REPOSITORY_CACHE"):
        return Path(os.environ["HELM_REPOSITORY_CACHE"])
    home = os.environ.get("HELM_CACHE_HOME") or platformdirs.user_cache_dir("helm")
    return Path(home) / "repository"
