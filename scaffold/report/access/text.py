"""`path:line:column: severity: message [pattern]`; the source line is not shown, for it may hold a secret."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.report.access.outcome import Audit
from scaffold.report.access.wording import message

_NAMED = 20


def lines(audit: Audit) -> Iterator[str]:
    """Yield a line a finding."""
    for access in audit.accesses:
        place = ":".join(str(part) for part in access.place)
        yield f"{place}: {access.severity}: {message(access)} [{access.pattern.id}]"


def summary(audit: Audit) -> Iterator[str]:
    """Yield what was looked at, what was set aside, and what stands elsewhere and was not followed."""
    counted = _count(len(audit.accesses), "finding"), _count(audit.files, "pipeline file"), _count(audit.jobs, "job")
    left = f"{_count(len(audit.unresolved), 'reference')} not followed" if audit.unresolved else "nothing left out"
    yield f"{counted[0]} in {counted[1]}; {counted[2]} with {_count(audit.commands, 'command')} looked at, {left}"
    for place, reason in audit.aside:
        yield f"set aside {place.path}:{place.line}: {reason}"
    for place, name in audit.unresolved[:_NAMED]:
        yield f"not followed {place.path}:{place.line}: {name!r} is not read here; audit it where it stands"
    if len(audit.unresolved) > _NAMED:
        yield f"not followed: {len(audit.unresolved) - _NAMED} more; `--format json` names all"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
