"""What an update of the template would do to the clusters, found by rendering before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scaffold import compare
from scaffold.errors import NothingCheckedError
from scaffold.update import Outcome
from scaffold.validate import Options


class Peril(NamedTuple):
    """A danger and where it lies; `remedy` is what, deployed before the update, keeps what would be lost."""

    where: str
    subject: str
    fact: str
    remedy: str


def perils(outcome: Outcome, options: Options) -> list[Peril] | None:
    """What of an update a cluster refuses or cannot take back; nothing where only versions are recorded.

    None where nothing can be compared, because nothing is committed.
    """
    touched = {path for result in outcome.results if not result.raised for path in result.edits}
    revision = outcome.revision() if touched else ""
    if not revision:
        return None if touched else []
    try:
        found = compare.compare(outcome.root, "HEAD", revision, options)
    except NothingCheckedError:
        return []
    return [Peril(item.title, *danger) for item, danger in found.dangers]


def steps(found: Iterable[Peril]) -> Iterator[str]:
    """What to do, in order, so that the update deletes nothing that runs."""
    known = list(found)
    first = list(dict.fromkeys(peril.remedy for peril in known if peril.remedy))
    if first:
        yield "to lose nothing that runs:"
        yield "1. in a commit of its own, to be taken back at the end:"
        yield from (f"   {step}" for step in first)
        yield "2. push it, and wait until the engine has deployed it everywhere"
        yield "3. update with --allow-destructive, and push"
    lasting = sum(not peril.remedy for peril in known)
    if lasting:
        yield f"{lasting} of the dangers no step prevents; update with --allow-destructive where they are wanted"
