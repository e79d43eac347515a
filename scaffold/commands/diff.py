"""`diff`: what a change does to what the engines deploy."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.errors import ScaffoldError

if TYPE_CHECKING:
    from scaffold.compare import Comparison
    from scaffold.followed import States

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

    Where environments have branches of their own, name the branch that the change is for, such as origin/env/dev: there
    its applications count. What changes on the trunk is compared with the branches that get it by promotion, and what
    moves a pin by the commits that it leaves and comes to.
    """
    from scaffold import compare, followed
    from scaffold.commands import progress
    from scaffold.commands.validate import options

    chosen = dataclasses.replace(options(), kustomize=kustomize)
    if no_cache:
        chosen = dataclasses.replace(chosen, cache=None)
    before, after = _ends(root.resolve(), range_)
    with progress.bar(), followed.states(root.resolve()) as states:
        own = _environment(states, range_)
        found = compare.reached(root.resolve(), before, after, chosen, states, own)
    _show(found, format_, limit)
    return _code(found, fail_on)


def _environment(states: States, range_: str) -> str:
    """The environment whose branch a change is for: that of its base, or else the one that is checked out."""
    at_hand = next((item.name for item in states.settings.environments if item.branch and item.branch == states.at), "")
    base = range_.partition("..")[0] or "HEAD"
    try:
        return at_hand if base == "HEAD" else states.named(base)
    except ScaffoldError as error:
        click.echo(f"{error}; this counts as a change of {states.at or 'the trunk'}", err=True)
        return at_hand


def _ends(root: Path, text: str) -> tuple[str, str]:
    from scaffold import revisions

    if "..." in text:
        before, _, after = text.partition("...")
        return revisions.parting(root, before or "HEAD", after or "HEAD"), after or "HEAD"
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
    for note in found.notes if format_ == "text" else ():
        click.echo(note, err=True)
    click.echo(texts.summary(found), err=True)


def _code(found: Comparison, fail_on: str) -> int:
    if fail_on == "nothing":
        return 0
    return 1 if found.dangers or (fail_on == "change" and found.differences) else 0
