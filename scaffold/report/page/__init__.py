"""A picture of a fleet to a page: HTML that needs nothing else, Markdown, or JSON."""

from __future__ import annotations

from collections.abc import Callable

from scaffold.report.page import html, markdown, plain
from scaffold.report.page.nouns import Overview

PAGES: dict[str, Callable[[Overview], str]] = {"html": html.page, "markdown": markdown.page, "json": plain.page}
