"""`set`: change an answer in every layer that records it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold.commands import options

if TYPE_CHECKING:
    from scaffold.update import Outcome


@click.command(
    "set",
    short_help="Change an answer in every layer that records it.",
    epilog="Example: gitops-scaffold set argocd_version=3.6 --dry-run",
)
@click.argument("pairs", nargs=-1, required=True, metavar="QUESTION=ANSWER…")
@click.option(
    "--layer", "layers", multiple=True, metavar="PATH", help="In this layer only; may be given several times."
)
@click.option("--cluster", default="", metavar="NAME", help="Of this cluster only: kubernetes_version or server.")
@click.option("--allow-destructive", is_flag=True, help="Write also what a cluster refuses or cannot take back.")
@options.repository
@options.dry_run
@options.jobs
def command(
    pairs: tuple[str, ...],
    layers: tuple[str, ...],
    cluster: str,
    repository: Path,
    jobs: int | None,
    *,
    allow_destructive: bool,
    dry_run: bool,
) -> int:
    """Change answers in every layer of the fleet that records them, as one change.

    Edits are merged as `update` merges them; the version of the template stays. An answer that others hide from then on
    is dropped, and told. What would make a cluster delete or refuse something is not written.
    """
    from scaffold import guard, workers
    from scaffold.commands import outcomes, progress, validate
    from scaffold.growth import answering

    if layers and cluster:
        raise click.UsageError("--layer and --cluster exclude each other; give one")
    directories = tuple(layer.strip("/").removeprefix(".") for layer in layers)
    wanted = answering.Wanted(options.given(pairs), directories, cluster)
    with progress.bar():
        outcome = answering.plan(repository, wanted, jobs or workers.default_jobs())
        perils = guard.perils(outcome, validate.options())
    if not outcome.edits:
        click.echo("every layer has these answers", err=True)
        return 0
    for line in _answers(outcome):
        click.echo(line)
    return outcomes.write(outcome, perils, "set", dry_run=dry_run, agreed=allow_destructive)


def _answers(outcome: Outcome) -> Iterator[str]:
    """The answers that change, one a line, with what they were."""
    found: Counter[tuple[str, str]] = Counter()
    for result in outcome.results:
        recorded = result.layer.recorded.answers
        for name, value in result.changed.items():
            if recorded.get(name) != value:
                found[name, _becomes(recorded.get(name), value)] += 1
    for (name, told), number in sorted(found.items()):
        yield f"answer {name}{told}, layers: {number}"


def _becomes(old: Any, new: Any) -> str:
    """What a value becomes; a list is as long as the fleet, and follows from what else is told."""
    return " follows" if isinstance(new, list) else f": {json.dumps(old)} becomes {json.dumps(new)}"
