"""`diff`: what a change does to what the engines deploy."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scaffold.compare import Comparison

_FORMATS = ("text", "markdown", "json")
_LONGEST = 65_000  # characters; forges refuse comments above 65,536


@click.command(
    "diff",
    short_help="Show what a change does to what the engines deploy.",
    epilog="Example: gitops-scaffold diff origin/main...HEAD --format markdown",
)
@click.argument("range_", metavar="[BASE[..HEAD]]", default="HEAD")
@click.option(
    "--format", "format_", type=click.Choice(_FORMATS), default="text", show_default=True, help="How to print."
)
@click.option("--limit", default=_LONGEST, show_default=True, metavar="CHARACTERS", help="The longest Markdown page.")
@click.option(
    "--fail-on",
    type=click.Choice(("danger", "change", "nothing")),
    default="danger",
    show_default=True,
    help="What makes the exit code 1.",
)
@click.option("--kustomize", default="", metavar="PROGRAM", help="Build with this kustomize, not the embedded one.")
@click.option("--no-cache", is_flag=True, help="Neither read nor keep results.")
@click.option("--root", type=click.Path(path_type=Path), default=Path(), help="The repository (default: here).")
def command(  # one parameter an option
    range_: str, format_: str, limit: int, fail_on: str, kustomize: str, root: Path, *, no_cache: bool
) -> int:
    """Render what differs between BASE and HEAD, or the files as they are, and show it per overlay.

    `BASE..HEAD` compares two commits, `BASE...HEAD` begins where HEAD left BASE, BASE alone ends with the files as they
    are. Only overlays that a change reaches are rendered. No cluster is asked.
    """
    from scaffold import compare
    from scaffold.commands import progress
    from scaffold.commands.validate import options

    chosen = dataclasses.replace(options(), kustomize=kustomize)
    if no_cache:
        chosen = dataclasses.replace(chosen, cache=None)
    before, after = _ends(root.resolve(), range_)
    with progress.bar():
        found = compare.compare(root.resolve(), before, after, chosen)
    _show(found, format_, limit)
    _note_branches(root.resolve())
    return _code(found, fail_on)


def _note_branches(root: Path) -> None:
    from scaffold import settings

    if any(item.branch for item in settings.read(root).environments):
        said = "environments have branches of their own, and what is compared counts for the one whose branch it is"
        click.echo(f"{said}; nothing of the others changes", err=True)


def _ends(root: Path, text: str) -> tuple[str, str]:
    from scaffold import git

    if "..." in text:
        before, _, after = text.partition("...")
        return git.run(root, "merge-base", before, after or "HEAD").strip(), after or "HEAD"
    before, dots, after = text.partition("..")
    return before or "HEAD", (after or "HEAD") if dots else ""


def _show(found: Comparison, format_: str, limit: int) -> None:
    from scaffold.compare import texts

    if format_ == "json":
        click.echo(texts.as_json(found))
    elif format_ == "markdown":
        click.echo(texts.markdown(found, limit), nl=False)
    else:
        for line in texts.text(found):
            click.echo(line)
    click.echo(texts.summary(found), err=True)


def _code(found: Comparison, fail_on: str) -> int:
    if fail_on == "nothing":
        return 0
    return 1 if found.dangers or (fail_on == "change" and found.differences) else 0
