"""A comparison as text, as a page for a pull request, or as JSON; values of Secrets are never shown."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold import parse
from scaffold.compare.nouns import Change, Comparison, Difference
from scaffold.model import mapping

VERSION = 1
MARK = "<!-- gitops-scaffold diff -->"  # by which a job finds its comment again
_CONTEXT = 3


def text(found: Comparison) -> Iterator[str]:
    """Every difference, and the dangers at the end."""
    for item in found.differences:
        yield f"=== {_heading(item)}"
        if item.problem:
            yield f"cannot be rendered: {item.problem}"
        for change in item.changes:
            yield from diff(change)
    for item, danger in found.dangers:
        yield f"dangerous: {item.title}: {danger.subject}: {danger.fact}"


def summary(found: Comparison) -> str:
    """One line: what was looked at, and what of it changes."""
    changes = sum(len(item.changes) for item in found.differences)
    looked = f"overlays rendered: {found.rendered} of {found.overlays}"
    return f"objects that change: {changes}, dangers: {len(found.dangers)}, {looked}"


def _heading(item: Difference) -> str:
    waits = f"waits for {item.waits}" if item.waits else ""
    about = ", ".join(part for part in (item.environment, f"gate {item.gate}" if item.gate else "", waits) if part)
    return f"{item.title} ({about})" if about else item.title


def diff(change: Change) -> Iterator[str]:
    """The unified difference of one object."""
    before, after = (_lines(side) for side in _hidden(change))
    old = f"{change.identity} {'before' if before else 'is not there'}"
    new = f"{change.identity} {'after' if after else 'is not there'}"
    yield from difflib.unified_diff(before, after, old, new, lineterm="", n=_CONTEXT)


def _lines(data: Mapping[str, Any] | None) -> list[str]:
    return parse.printed(dict(data)).splitlines() if data is not None else []


def _hidden(change: Change) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """Both sides, values of a Secret replaced by whether they change."""
    if change.identity.kind != "Secret":
        return change.before, change.after
    old, new = (mapping(side) for side in (change.before, change.after))
    sides = []
    for side, other, word in ((old, new, "hidden"), (new, old, "hidden, changed")):
        masked = {
            field: {key: "hidden" if _same(side, other, field, key) else word for key in mapping(side[field])}
            for field in ("data", "stringData")
            if field in side
        }
        sides.append({**side, **masked} if side else None)
    return sides[0], sides[1]


def _same(one: Mapping[str, Any], other: Mapping[str, Any], field: str, key: Any) -> bool:
    return mapping(one.get(field)).get(key) == mapping(other.get(field)).get(key)


def markdown(found: Comparison, limit: int) -> str:
    """A page of at most so many characters: dangers and a table first, then as many differences as fit."""
    head = [MARK, "### What this changes", "", summary(found), *_dangers(found), *_table(found), *_notes(found)]
    made = "\n".join(head) + "\n"
    left = len(found.differences)
    for item in found.differences:
        part = _details(item)
        if len(made) + len(part) > limit - 200:
            break
        made, left = made + part, left - 1
    if left:
        made += f"\n{left} more do not fit here; `gitops-scaffold diff {found.before}..{found.after}` shows them.\n"
    return made[:limit]


def _dangers(found: Comparison) -> Iterator[str]:
    if found.dangers:
        yield from ("", "**Dangerous:**", "")
        yield from (f"- `{item.title}`: {danger.subject}: {danger.fact}" for item, danger in found.dangers)


def _table(found: Comparison) -> Iterator[str]:
    if not found.differences:
        return
    columns = ["environment", "application", "what", "gate"] + ["waits for"] * any(i.waits for i in found.differences)
    yield from ("", _row(columns), "|---" * len(columns) + "|")
    for item in found.differences:
        what = (item.problem and "cannot be rendered") or ", ".join(_counts(item))
        cells = [item.environment, item.application or f"`{item.title}`", what, item.gate, item.waits]
        yield _row(cells[: len(columns)])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _notes(found: Comparison) -> Iterator[str]:
    if found.notes:
        yield ""
        yield from (f"- {note}" for note in found.notes)


def _counts(item: Difference) -> Iterator[str]:
    for verb in ("added", "changed", "removed"):
        count = sum(change.verb == verb for change in item.changes)
        if count:
            yield f"{count} {verb}"


def _details(item: Difference) -> str:
    body = item.problem or "\n".join(line for change in item.changes for line in diff(change))
    fence = "````" if "```" in body else "```"
    return f"\n<details><summary>{_heading(item)}</summary>\n\n{fence}diff\n{body}\n{fence}\n\n</details>\n"


def as_json(found: Comparison) -> str:
    """The contract of version 1: keys may be added, none is taken away."""
    differences = [
        {
            "overlay": item.name,
            "was": item.was,
            "environment": item.environment,
            "application": item.application,
            "gate": item.gate,
            "waits": item.waits,
            "problem": item.problem,
            "changes": [{"object": str(c.identity), "verb": c.verb, "diff": list(diff(c))} for c in item.changes],
            "dangers": [danger._asdict() for danger in item.dangers],
        }
        for item in found.differences
    ]
    counts = {"rendered": found.rendered, "overlays": found.overlays}
    said = {"version": VERSION, "before": found.before, "after": found.after, **counts, "differences": differences}
    said["notes"] = list(found.notes)
    return json.dumps(said, indent=2)
