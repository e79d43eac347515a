"""`gitops-scaffold validate`: findings on stdout, what they cover on stderr."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold.commands import printing, sharing

if TYPE_CHECKING:
    from scaffold.validate import Options

_PROFILES = ("default", "strict", "security")


@click.command(epilog="Example: gitops-scaffold validate . --require-rendered --output sarif=results.sarif")
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1, metavar="[PATH]")
@printing.format_
@printing.output
@click.option("--profile", type=click.Choice(_PROFILES), help="Hold the repository to another profile.")
@click.option(
    "--with",
    "beside",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="PATH",
    help="Another repository to check together with this one, a team's or the fleet; may be given several times.",
)
@click.option("--kustomize", default="", metavar="PROGRAM", help="Build with this kustomize, not the embedded one.")
@click.option("--changed-since", default="", metavar="REVISION", help="Render only what a change since then reaches.")
@click.option("--require-rendered", is_flag=True, help="Report what could not be rendered as an error.")
@sharing.shard
@sharing.merge
@printing.baseline
@printing.write_baseline
@click.option("--fix", is_flag=True, help="Mend what has one right remedy, and report what is left.")
@click.option("--diff", is_flag=True, help="Print what --fix would change as a patch, and write nothing.")
@click.option("--jobs", type=click.IntRange(1), help="Processes to use; as many as the machine runs at once.")
@click.option("--no-cache", is_flag=True, help="Neither read nor keep results.")
def command(paths: tuple[Path, ...], **given: Any) -> int:
    """Say what the engines would say about the repository at PATH (default: here)."""
    from scaffold import validate
    from scaffold.commands import fixing, progress

    if given["fix"] and given["diff"]:
        raise click.UsageError("--fix writes and --diff does not; choose one")
    if given["beside"] and (given["fix"] or given["diff"]):
        raise click.UsageError("--fix and --diff mend one repository; leave --with out")
    given["beside"] = tuple(other.resolve() for other in given["beside"])
    path, parts = sharing.sorted_out(paths, given)
    chosen, root = options(**given), path.resolve()
    if given["shard"]:
        return sharing.share(root, chosen, given)
    wanted = printing.wanted(given)
    with progress.bar():
        outcome = validate.merged(root, chosen, sharing.read(parts)) if parts else validate.validate(root, chosen)
        mended = fixing.fix(outcome, root, chosen) if given["fix"] else None
    if given["diff"]:
        return fixing.preview(outcome, root)
    return printing.write(mended or outcome, root, wanted)


def options(*, jobs: int | None = None, no_cache: bool = False, **given: Any) -> Options:
    """The options that were given, and those that the environment decides: caches, and how many processes may run."""
    import dataclasses

    from scaffold import cache, validate, workers

    kept = None if no_cache else cache.own_directory()
    plain = validate.Options(cache=kept, helm_cache=helm_cache(), jobs=jobs or workers.default_jobs())
    named = {field.name for field in dataclasses.fields(plain)}
    return dataclasses.replace(plain, **{name: value for name, value in given.items() if name in named and value})


def helm_cache() -> Path:
    """Where Helm keeps the charts that it has pulled."""
    import platformdirs

    if os.environ.get("HELM_REPOSITORY_CACHE"):
        return Path(os.environ["HELM_REPOSITORY_CACHE"])
    home = os.environ.get("HELM_CACHE_HOME") or platformdirs.user_cache_dir("helm")
    return Path(home) / "repository"
