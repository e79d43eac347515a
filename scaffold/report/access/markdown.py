"""The migration plan: what is pushed today and what replaces it, then what to revoke, then what to look at."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.model import Severity
from scaffold.report.access.outcome import Access, Audit
from scaffold.report.access.wording import remedy


def lines(audit: Audit) -> Iterator[str]:
    """Yield the plan as a document with three ordered parts."""
    pushes = [access for access in audit.accesses if access.deploys is not None]
    rest = [access for access in audit.accesses if access.deploys is None and access.severity is not Severity.INFO]
    info = [access for access in audit.accesses if access.deploys is None and access.severity is Severity.INFO]
    yield "# From pushing to GitOps"
    yield ""
    yield f"{audit.jobs} jobs in {audit.files} pipeline files were looked at."
    yield from _pushes(pushes)
    yield from _table("2. Take these ways and credentials away", rest, "when nothing above pushes any more")
    yield from _table("3. Look at these", info, "they change nothing by themselves")
    if audit.unresolved:
        yield from ("", "## Not followed", "", "These stand in other repositories; audit them there.", "")
        yield from (f"- `{place.path}:{place.line}`: `{_cell(name)}`" for place, name in audit.unresolved)


def _pushes(accesses: list[Access]) -> Iterator[str]:
    yield from ("", "## 1. Make these applications of the fleet", "")
    if not accesses:
        yield "Nothing is pushed by a command that names what it deploys."
        return
    yield "| what | namespace | values, images | pushed by | replaced by |"
    yield "|---|---|---|---|---|"
    for access in accesses:
        target = access.deploys
        assert target is not None
        what = f"{target.kind} `{_cell(target.path)}`" + (
            f", release `{_cell(target.release)}`" if target.release else ""
        )
        details = ", ".join(f"`{_cell(item)}`" for item in (*target.values, *target.images)) or "-"
        by = f"`{access.place.path}:{access.place.line}`, job `{_cell(access.job)}`"
        yield f"| {what} | {_cell(target.namespace) or '-'} | {details} | {by} | {_cell(remedy(access))} |"


def _table(title: str, accesses: list[Access], when: str) -> Iterator[str]:
    if not accesses:
        return
    yield from ("", f"## {title}", "", f"In this order or another, {when}.", "")
    yield from ("| where | what | why | then |", "|---|---|---|---|")
    for access in accesses:
        place = f"`{access.place.path}:{access.place.line}`"
        yield f"| {place} | {_cell(access.text)} | {access.pattern.fact} | {_cell(remedy(access))} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
