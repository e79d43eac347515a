"""Findings that somebody silenced with a reason, and silences that silence nothing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from scaffold.model import Ignore, LocatedFinding, SourceFile
from scaffold.nearest import hint
from scaffold.rules import RULES
from scaffold.settings import PathIgnore, Settings
from scaffold.validate.merging import matches

_UNTIL = re.compile(r"\s+until\s+(\d{4}-\d{2}-\d{2})\s*\Z")


class Silenced(NamedTuple):
    """The findings that are left, and the comments that did nothing, each with its file and why."""

    findings: list[LocatedFinding]
    idle: tuple[tuple[str, Ignore, str], ...]


def apply(findings: Iterable[LocatedFinding], files: Mapping[str, SourceFile], settings: Settings) -> Silenced:
    """Drop what comments and settings silence."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    comments = {(path, i.covers, i.rule) for path, file in files.items() for i in file.ignores if _valid(i, today)}
    used = set()
    kept = []
    for finding in findings:
        key = (finding.location.path, finding.location.line, finding.rule)
        if key in comments:
            used.add(key)
        elif not any(_covers(entry, finding, today) for entry in settings.ignore):
            kept.append(finding)
    return Silenced(kept, tuple(_idle(files, used, today)))


def _valid(comment: Ignore, today: datetime.date) -> bool:
    return bool(comment.reason) and not _expired(comment, today)


def _expired(comment: Ignore, today: datetime.date) -> bool:
    found = _UNTIL.search(comment.reason)
    try:
        return bool(found and datetime.date.fromisoformat(found[1]) < today)
    except ValueError:
        return True


def _covers(entry: PathIgnore, finding: LocatedFinding, today: datetime.date) -> bool:
    if entry.until and entry.until < today:
        return False
    if entry.rules and finding.rule not in entry.rules:
        return False
    return matches(entry.paths, finding.location.path)


def _idle(
    files: Mapping[str, SourceFile], used: set[tuple[str, int, str]], today: datetime.date
) -> Iterator[tuple[str, Ignore, str]]:
    for path, file in files.items():
        for comment in file.ignores:
            if (path, comment.covers, comment.rule) not in used:
                yield path, comment, _fact(comment, today)


def _fact(comment: Ignore, today: datetime.date) -> str:
    if not comment.reason:
        return "gives no reason; write ': why' behind the rule"
    if comment.rule not in RULES:
        return f"names a rule that nobody knows; {hint(comment.rule, RULES)}"
    if _expired(comment, today):
        return "has expired; mend the flaw or set a new date"
    return "silences nothing; remove it"
