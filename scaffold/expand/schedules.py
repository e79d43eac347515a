"""Schedules of cron as robfig/cron 3 reads them, and durations and time zones as Go does.

Kubernetes takes words such as `@daily` for a schedule (cron.ParseStandard), Argo CD's sync windows do not.
CloudNativePG reads schedules with robfig/cron 1 (cron.Parse).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from scaffold.expand import zones

_DURATION = re.compile(r"[-+]?(0|((\d++(?:\.\d*+)?|\.\d++)(ns|us|µs|μs|ms|s|m|h))+)\Z", re.ASCII)
_LONG = 1000  # signs, far beyond what any duration takes
_UNIT = re.compile(r"[\d.]+(\D+)")
_EVERY = "@every "
_WORDS = frozenset(f"@{word}" for word in "yearly annually monthly weekly daily midnight hourly".split())
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_LONGEST = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
_DAYS = "sun mon tue wed thu fri sat".split()


class _Field(NamedTuple):
    """One field of a schedule: its bounds, and the names that stand for numbers from the lower bound on."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, tuple(_MONTHS)),
    _Field("day of the week", 0, 6, tuple(_DAYS)),
)
_SECOND = _Field("second", 0, 59)


def duration_flaw(text: str) -> str:
    """Why Go cannot read a duration; empty where it can."""
    if _DURATION.match(text):
        return ""
    if len(text) > _LONG:
        return "it is too long to be one"
    unknown = [unit for unit in _UNIT.findall(text) if unit not in ("ns", "us", "µs", "ms", "s", "m", "h")]
    return f"unit {unknown[0]!r} is unknown" if unknown else "a number has no unit" if text else "it is empty"


def word_flaw(text: str) -> str:
    """Why a word is none that stands for a schedule; empty where it is one."""
    if text.startswith(_EVERY):
        return duration_flaw(text.removeprefix(_EVERY))
    return "" if text in _WORDS else "the word is unknown"


def schedule_flaw(text: str) -> str:
    """Why robfig/cron 3 cannot read a schedule of five fields; empty where it can."""
    if text.startswith("@"):
        return "words such as @daily are not read"
    zone, _, rest = text.partition(" ") if text.startswith(("TZ=", "CRON_TZ=")) else ("", "", text)
    if zone and not known_zone(zone.partition("=")[2]):
        return "its time zone is unknown"
    fields = rest.split()
    return _fields_flaw(fields, _FIELDS) if len(fields) == len(_FIELDS) else f"it has {len(fields)} fields"


def backup_flaw(text: str) -> str:
    """Why robfig/cron 1 cannot read a schedule: its first field is the second, and its last may be left out."""
    if text.startswith("@"):
        return word_flaw(text)
    fields = text.split()
    if len(fields) not in (len(_FIELDS), len(_FIELDS) + 1):
        return f"it has {len(fields)} fields"
    return _fields_flaw(fields, (_SECOND, *_FIELDS))


def is_frequent(text: str) -> bool:
    """Tell whether five fields that say when in a day are, with the second before them, of every hour."""
    fields = text.split()
    return len(fields) == len(_FIELDS) and not schedule_flaw(text) and fields[2][0] in "*?"


def _fields_flaw(fields: Iterable[str], known: Iterable[_Field]) -> str:
    wrong = (_field_flaw(expression, field) for expression, field in zip(fields, known, strict=False))
    return next((flaw for flaw in wrong if flaw), "")


def never(text: str) -> bool:
    """Tell whether a schedule that can be read names only days that no month of it has, as 31 February.

    With days of the week beside them, either is enough, unless these are a star.
    """
    fields = text.split()
    if text.startswith(("@", "TZ=", "CRON_TZ=")) or schedule_flaw(text) or fields[4][0] not in "*?":
        return False
    days, months = (_values(fields[index], _FIELDS[index]) for index in (2, 3))
    return "/" not in fields[4] and not any(day <= _LONGEST.get(month, 31) for day in days for month in months)


def _values(expression: str, field: _Field) -> set[int]:
    """All numbers that a field that can be read stands for."""
    found: set[int] = set()
    for part in expression.split(","):
        ends, _, step = part.partition("/")
        low, _, high = ends.partition("-")
        first = field.low if low in ("*", "?") else _number(low, field) or 0
        last = _number(high, field) if high else field.high if step or low in ("*", "?") else first
        found.update(range(first, (last or 0) + 1, int(step or 1)))
    return found


def _field_flaw(expression: str, field: _Field) -> str:
    parts = (part for part in expression.split(",") if part)
    return next((f"{field.name} {part!r} {flaw}" for part in parts if (flaw := _range_flaw(part, field))), "")


def _range_flaw(part: str, field: _Field) -> str:
    ends, *steps = part.split("/")
    bounds = ends.split("-")
    if len(bounds) > 2 or len(steps) > 1:
        return "has too many '-' or '/'"
    if steps and not (steps[0].isdecimal() and int(steps[0]) > 0):
        return "has a step that is no number above 0"
    if bounds[0] in ("*", "?"):
        return ""
    numbers = [_number(bound, field) for bound in bounds]
    if None in numbers:
        return "is no number" if not field.names else "is neither a number nor a name"
    low, high = numbers[0], field.high if steps and len(numbers) == 1 else numbers[-1]
    assert low is not None
    assert high is not None
    if low < field.low or high > field.high:
        return f"is not within {field.low} to {field.high}"
    return "ends before it begins" if low > high else ""


def _number(text: str, field: _Field) -> int | None:
    if text.lower() in field.names:
        return field.low + field.names.index(text.lower())
    return int(text) if text.isascii() and text.isdecimal() else None


def known_zone(name: str) -> bool:
    """Tell whether Go finds a time zone; an unknown one counts as UTC without a word to the user."""
    return name in ("", "UTC", "Local") or name in zones.names()
