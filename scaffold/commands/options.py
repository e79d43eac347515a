"""Options that several commands have, and what is read from them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

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


def given(pairs: Iterable[str], answers_file: Path | None) -> dict[str, Any]:
    """The answers from a file and from `question=answer` pairs."""
    from scaffold.answers import file

    found = file(answers_file) if answers_file else {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.UsageError(f"--data {pair!r} is no answer; write question=answer")
        found[name] = value
    return found
