"""Since when, in days and for people."""

from __future__ import annotations

import datetime
from pathlib import Path

from scaffold import since
from scaffold.report.page.nouns import Change


def head(root: Path) -> Change | None:
    """The commit that is checked out; None without one."""
    found = since.head(root)
    return change(found) if found else None


def change(commit: since.Commit) -> Change:
    """A commit as the page shows it, its day where it was made."""
    return Change(commit.time.date().isoformat(), commit.name, commit.author, commit.subject)


def days(change: Change | None, today: datetime.date) -> int | None:
    """How many days ago a change was; never less than none, whatever a clock said."""
    return None if change is None else max(0, (today - datetime.date.fromisoformat(change.date)).days)
