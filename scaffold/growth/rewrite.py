"""Layers that are there, written again with other answers and merged with what people changed in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold import answers, update
from scaffold.answers import Recorded
from scaffold.errors import ScaffoldError
from scaffold.growth.members import Members
from scaffold.staging import Content
from scaffold.update import Conflict, Outcome, Request


def changes(known: Members, changed: Mapping[str, Mapping[str, Any]], jobs: int = 1) -> dict[str, Content | None]:
    """The edits, relative to the fleet, that bring layers to changed answers.

    Raises ScaffoldError where a file that has to change holds what is not committed, or what contradicts it.
    """
    result = outcome(known, changed, jobs)
    for conflict in result.conflicts:
        raise ScaffoldError(contradiction(conflict))
    return known.relative(result.edits)


def outcome(known: Members, changed: Mapping[str, Mapping[str, Any]], jobs: int) -> Outcome:
    """What changed answers of layers do, at the version of the template that each has."""
    return update.plan(Request((known.fleet.root,), jobs=jobs, changed=known.changed(changed), stay=True))


def contradiction(conflict: Conflict) -> str:
    """What an edit does that new answers cannot go along with, and the way out."""
    if conflict.line:
        return f"{conflict.path!r} was changed in lines that the new answers change too; undo that change first"
    fact = f"{conflict.path!r}: {conflict.here} here, {conflict.template} by the new answers"
    return f"{fact}; undo the one here first"


def recorded(known: Members, edits: Mapping[str, Content | None], directory: str) -> Recorded:
    """The answers of a layer after some edits."""
    content = edits.get(f"{directory}/{answers.NAME}")
    if content is None:
        return known.layers[directory].recorded
    return answers.parsed(content.data.decode(), answers.NAME)
