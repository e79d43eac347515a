"""Sync windows of AppProjects, as Argo CD 3.5.7 reads them (ValidateProject, SyncWindows.Matches)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from scaffold.expand import globs, zones
from scaffold.model import Application, sequence

_DURATION = re.compile(r"[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)\Z", re.ASCII)
_UNIT = re.compile(r"[\d.]+(\D+)")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DAYS = "sun mon tue wed thu fri sat".split()
_LONGEST = 255


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


def flaws(window: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Why Argo CD refuses a window: the field, the fact, the remedy."""
    kind, schedule, duration = (window.get(key) for key in ("kind", "schedule", "duration"))
    if kind not in ("allow", "deny"):
        yield "kind", f"kind {kind!r} is none", "write allow or deny"
    if wrong := schedule_flaw(schedule if isinstance(schedule, str) else ""):
        yield "schedule", f"schedule {schedule!r} is none, {wrong}", "write five fields of cron"
    if wrong := duration_flaw(duration if isinstance(duration, str) else ""):
        yield "duration", f"duration {duration!r} is none, {wrong}", "write hours and minutes, such as 8h or 1h30m"
    if not any(window.get(key) for key in ("applications", "namespaces", "clusters")):
        yield "", "it selects nothing", "give it applications, namespaces or clusters"
    if len(str(window.get("description") or "").encode()) > _LONGEST:
        yield "description", f"its description is longer than {_LONGEST} characters", "shorten it"


def duration_flaw(text: str) -> str:
    """Why Go cannot read a duration; empty where it can."""
    if _DURATION.match(text):
        return ""
    unknown = [unit for unit in _UNIT.findall(text) if unit not in ("ns", "us", "µs", "ms", "s", "m", "h")]
    return f"unit {unknown[0]!r} is unknown" if unknown else "a number has no unit" if text else "it is empty"


def schedule_flaw(text: str) -> str:
    """Why robfig/cron 3 cannot read a schedule of five fields; empty where it can."""
    if text.startswith("@"):
        return "words such as @daily are not read"
    zone, _, rest = text.partition(" ") if text.startswith(("TZ=", "CRON_TZ=")) else ("", "", text)
    if zone and not known_zone(zone.partition("=")[2]):
        return "its time zone is unknown"
    fields = rest.split()
    if len(fields) != len(_FIELDS):
        return f"it has {len(fields)} fields"
    wrong = (_field_flaw(expression, field) for expression, field in zip(fields, _FIELDS, strict=True))
    return next((flaw for flaw in wrong if flaw), "")


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


def binds(window: Mapping[str, Any], application: Application) -> bool:
    """Tell whether a window is for an application: any of its lists selects it, or with andOperator all of them."""
    destinations = [text for text in (application.cluster, application.server) if text]
    asked = (
        (window.get("applications"), [application.name]),
        (window.get("clusters"), destinations),
        (window.get("namespaces"), [application.destination_namespace]),
    )
    hits = [_hit(sequence(patterns), texts) for patterns, texts in asked if patterns]
    return bool(hits) and (all(hits) if window.get("andOperator") is True else any(hits))


def _hit(patterns: Iterable[Any], texts: Iterable[str]) -> bool:
    names = list(texts)
    return any(globs.matches(pattern, text) for pattern in patterns if isinstance(pattern, str) for text in names)
