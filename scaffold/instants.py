"""Points in time as people and files write them, in ISO 8601."""

from __future__ import annotations

import datetime


def parsed(text: str) -> datetime.datetime:
    """A time; without a zone it is UTC. Raises ValueError where it is none."""
    found = datetime.datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def written(time: datetime.datetime) -> str:
    """A time in UTC, to the second."""
    return time.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
