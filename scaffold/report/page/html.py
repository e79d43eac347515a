"""The page as HTML: one file, no network, readable without its script."""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import Any

from scaffold.report.page import drawing
from scaffold.report.page.nouns import Overview


def page(overview: Overview) -> str:
    """The whole page; everything that comes from the repository is escaped."""
    teams = sorted({row.team for row in overview.rows if row.team})
    counts = {
        "applications": len(overview.rows),
        "environments": len(overview.environments),
        "teams": len(teams),
        "behind": sum(bool(cell.behind) for row in overview.rows for cell in row.cells.values()),
        "findings": len(overview.findings),
    }
    text: str = _template().render(it=overview, teams=teams, counts=counts, graph=drawing.svg(overview.graph))
    return text


@functools.cache
def _template() -> Any:
    import jinja2

    directory = files("scaffold.report.page")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string((directory / "page.html.jinja").read_text(encoding="utf-8"))
