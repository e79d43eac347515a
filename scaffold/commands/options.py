"""Options that several commands have, and what is read from them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from scaffold.fleet import Fleet

data = click.option(
    "-d", "--data", "pairs", multiple=True, metavar="QUESTION=ANSWER", help="An answer; may be given several times."
)
answers = click.option(
    "--answers",
    "answers_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A YAML file of answers, 'question: answer'; --data wins over it.",
)
repository = click.option(
    "--repository",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=".",
    help="The fleet repository, or a directory in it (default: here).",
)
dry_run = click.option("--dry-run", is_flag=True, help="Show the plan and write nothing.")
jobs = click.option("--jobs", type=click.IntRange(1), help="Processes to use; as many as the machine runs at once.")


def owner(team: str, fleet: Fleet) -> str:
    """The team that an application belongs to."""
    if not (team or fleet.owner):
        raise click.UsageError("in a fleet repository an application belongs to a team; name it with --team")
    return team or fleet.owner


def given(pairs: Iterable[str], answers_file: Path | None = None) -> dict[str, Any]:
    """The answers from a file and from `question=answer` pairs."""
    from scaffold.answers import file

    found = file(answers_file) if answers_file else {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{pair!r} is no answer; write question=answer")
        found[name] = value
    return found
