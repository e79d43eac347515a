"""A page for the comment of a pull request; forges refuse comments above 65,536 characters, so a long one is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from scaffold.model import LocatedFinding, Skipped
from scaffold.report import text
from scaffold.report.outcome import Outcome

_LONGEST = 60_000
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~&])")


def lines(outcome: Outcome, _: Path) -> Iterator[str]:
    """Yield a heading, the coverage, and a table of the findings with what was skipped below it."""
    findings, skipped = outcome.findings, outcome.summary.skipped
    yield f"### gitops-scaffold: {len(findings) or 'no'} finding{'' if len(findings) == 1 else 's'}"
    yield ""
    yield _plain(next(text.summary(outcome.summary, len(findings))))
    if findings:
        yield from ("", "| severity | place | what | rule |", "|---|---|---|---|")
        yield from _cut([_row(finding) for finding in findings], "| | | {} more | |")
    if skipped:
        yield from ("", "<details><summary>Skipped</summary>", "")
        yield from _cut([_item(item) for item in skipped], "- {} more")
        yield from ("", "</details>")


def _row(finding: LocatedFinding) -> str:
    path, line, _ = finding.location
    return f"| {finding.severity} | {_plain(path)}:{line} | {_plain(finding.message)} | {_plain(finding.rule)} |"


def _item(item: Skipped) -> str:
    return f"- {_plain(item.path)}: {_plain(item.reason)}"


def _plain(words: str) -> str:
    """Text that means nothing to Markdown, in one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(words.split()))


def _cut(rows: list[str], more: str) -> Iterator[str]:
    """The rows, or as many as fit into half of a comment with the number of the others."""
    length = 0
    for number, row in enumerate(rows):
        length += len(row)
        if length > _LONGEST // 2:
            yield more.format(len(rows) - number)
            return
        yield row
