"""Sync windows of AppProjects, as Argo CD 3.5.7 reads them (ValidateProject, SyncWindows.Matches)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scaffold.expand import globs
from scaffold.expand.schedules import duration_flaw, schedule_flaw
from scaffold.model import Application, sequence

_LONGEST = 255


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
