"""The page as Markdown, for a wiki or a job's summary."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.report.page.nouns import Cell, Overview


def page(overview: Overview) -> str:
    """The same parts in the same order as the HTML page, without the graph."""
    return "\n".join(_lines(overview)) + "\n"


def _lines(overview: Overview) -> Iterator[str]:
    yield f"# {_cell(overview.title)}"
    yield ""
    head = f" at `{overview.head.commit}` of {overview.head.date}" if overview.head else ""
    yield f"What `{overview.repository or overview.title}` declares{head}, looked at on {overview.today}."
    yield from ("", "## Versions", "")
    names = [stage.name for stage in overview.environments]
    yield f"| team | application | {' | '.join(names)} |"
    yield "|---" * (2 + len(names)) + "|"
    for row in overview.rows:
        yield _row(row.team, row.application, *(_version(row.cells.get(name)) for name in names))
    if overview.others:
        yield from ("", f"Of no environment: {overview.elsewhere}.")
    yield from (
        "",
        "## Behind",
        "",
        "| application | environment | has | the one before has | for |",
        "|---|---|---|---|---|",
    )
    for row in overview.rows:
        for cell in row.cells.values():
            if cell.behind:
                lag = "-" if cell.lag is None else f"{cell.lag} days"
                yield _row(f"{row.team}/{row.application}", cell.environment, cell.version, ", ".join(cell.behind), lag)
    yield from ("", "## Access", "", "| project | role | groups | may |", "|---|---|---|---|")
    for role in overview.roles:
        yield _row(role.project, role.role, ", ".join(role.groups), ", ".join(role.actions))
    yield from ("", "## Findings", "")
    if not overview.findings:
        yield "None."
    for finding in overview.findings:
        place = ":".join(str(part) for part in finding.location)
        yield f"- `{place}` {finding.severity}: {_cell(finding.message)} [{finding.rule}]"
    if overview.skipped:
        yield from ("", f"Not looked at: {_cell('; '.join(overview.skipped))}.")


def _row(*cells: str) -> str:
    return f"| {' | '.join(_cell(cell) or '-' for cell in cells)} |"


def _version(cell: Cell | None) -> str:
    if cell is None:
        return ""
    since = f" since {cell.since.date}" if cell.since else ""
    notes = ["manual"] * (cell.gate == "manual") + ["behind"] * bool(cell.behind) + ["ahead"] * bool(cell.ahead)
    return f"{cell.version or '-'}{since}" + (f" ({', '.join(notes)})" if notes else "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
