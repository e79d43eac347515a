"""Findings that somebody silenced with a reason, and silences that silence nothing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from scaffold.model import Idle, LocatedFinding, Place, SourceFile
from scaffold.nearest import hint
from scaffold.rules import RULES
from scaffold.settings import PathIgnore, Settings
from scaffold.validate import excuses
from scaffold.validate.merging import matches

_UNTIL = re.compile(r"(?<!\s)\s++until\s++(\d{4}-\d{2}-\d{2})\s*+\Z")

_OF_SCANNERS = frozenset(("plain-secret", "plain-value", "plain-variable"))  # comments for other scanners hold too


class Silenced(NamedTuple):
    """The findings that are left, and the comments and annotations that did nothing."""

    findings: list[LocatedFinding]
    idle: tuple[Idle, ...]


class Scope(NamedTuple):
    """What silences can be judged by: the rules that were asked, and the files of which some overlay was not seen."""

    rules: frozenset[str]
    unseen: frozenset[str]

    def judges(self, idle: Idle) -> bool:
        """Tell whether there would be a finding if there were anything to silence."""
        return idle.rule not in RULES or (idle.rule in self.rules and idle.place.path not in self.unseen)


def apply(
    findings: Iterable[LocatedFinding], files: Mapping[str, SourceFile], settings: Settings, scope: Scope
) -> Silenced:
    """Drop what comments, annotations and settings silence."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    comments = {
        (path, i.covers, i.rule)
        for path, file in files.items()
        for i in file.comments.ignores
        if _valid(i.reason, today)
    }
    used: set[tuple[str, int, str]] = set()
    pleaded: set[tuple[str, str]] = set()
    kept = []
    for finding in findings:
        key = (finding.location.path, finding.location.line, finding.rule)
        if key in comments:
            used.add(key)
        elif _valid(finding.excuse, today):
            pleaded.add((finding.rule, finding.excuse))
        elif not _allowed(files, finding) and not any(_covers(e, finding, today) for e in settings.silences):
            kept.append(finding)
    idle = (*_idle_comments(files, used, today), *_idle_annotations(files, pleaded, today))
    return Silenced(kept, tuple(item for item in idle if scope.judges(item)))


def _valid(reason: str, today: datetime.date) -> bool:
    return bool(reason.strip()) and not _expired(reason, today)


def _expired(reason: str, today: datetime.date) -> bool:
    found = _UNTIL.search(reason)
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


def _allowed(files: Mapping[str, SourceFile], finding: LocatedFinding) -> bool:
    file = files.get(finding.location.path)
    return finding.rule in _OF_SCANNERS and file is not None and finding.location.line in file.comments.allowed


def _idle_comments(
    files: Mapping[str, SourceFile], used: set[tuple[str, int, str]], today: datetime.date
) -> Iterator[Idle]:
    for path, file in files.items():
        for comment in file.comments.ignores:
            if (path, comment.covers, comment.rule) not in used:
                place = Place(path, line=comment.line, column=comment.column)
                fact = _fact(comment.rule, comment.reason, "write ': why' behind the rule", today)
                yield Idle(place, "ignore comment", comment.rule, fact)


def _idle_annotations(
    files: Mapping[str, SourceFile], pleaded: set[tuple[str, str]], today: datetime.date
) -> Iterator[Idle]:
    """Those whose rule and reason silenced nothing anywhere: an object may be found only as it is rendered."""
    for path, file in files.items():
        for head in file.heads:
            for key, reason in head.annotations:
                rule = key.removeprefix(excuses.PREFIX)
                if rule != key and (rule, reason) not in pleaded:
                    place = Place(path, head.document, ("metadata", "annotations", key), at_key=True)
                    yield Idle(place, "ignore annotation", rule, _fact(rule, reason, "write why as its value", today))


def _fact(rule: str, reason: str, remedy: str, today: datetime.date) -> str:
    if not reason.strip():
        return f"gives no reason; {remedy}"
    if rule not in RULES:
        return f"names a rule that nobody knows; {hint(rule, RULES)}"
    if _expired(reason, today):
        return "has expired; mend the flaw or set a new date"
    return "silences nothing; remove it"
