"""What an update of the template would do to the clusters, found by rendering before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from scaffold import compare, git
from scaffold.errors import NothingCheckedError
from scaffold.staging import Content
from scaffold.update import Outcome, branches
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
    return of_edits(outcome.root, outcome.edits, options) if touched else []


def of_edits(root: Path, edits: Mapping[str, Content | None], options: Options) -> list[Peril] | None:
    """The same for edits of a repository, relative to its root."""
    if not git.run(root, "rev-parse", "--verify", "--quiet", "HEAD", check=False):
        return None
    try:
        found = compare.compare(root, "HEAD", branches.loose(root, edits, "What would be written"), options)
    except NothingCheckedError:
        return []
    return [Peril(item.title, *danger) for item, danger in found.dangers]


def steps(found: Iterable[Peril], deed: str = "update") -> Iterator[str]:
    """What to do, in order, so that the deed, an update or another command, deletes nothing that runs."""
    known = list(found)
    first = list(dict.fromkeys(peril.remedy for peril in known if peril.remedy))
    if first:
        yield "to lose nothing that runs:"
        yield "1. in a commit of its own, to be taken back at the end:"
        yield from (f"   {step}" for step in first)
        yield "2. push it, and wait until the engine has deployed it everywhere"
        yield f"3. {deed} with --allow-destructive, and push"
    lasting = sum(not peril.remedy for peril in known)
    if lasting:
        yield f"{lasting} of the dangers no step prevents; {deed} with --allow-destructive where they are wanted"
