"""The table of agreements: how many cases of each area came out as predicted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_AREA = re.compile(r"test_agree_(\w+)\.py::.*\[")


def table(stats: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """A line for each area, and one for each reason why a case is no agreement; none where no case was run.

    `stats` are pytest's reports by outcome. A test says why with the property `beyond`, or by the reason of its xfail.
    """
    agreed: Counter[str] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    for outcome in ("passed", "xfailed", "failed"):
        for report in stats.get(outcome, ()):
            if found := _AREA.search(report.nodeid):
                why = _why(outcome, report)
                agreed[found[1]] += not why
                reasons[found[1], why] += bool(why)
    for area in sorted(agreed):
        left = {why: number for (name, why), number in sorted(reasons.items()) if name == area and why}
        yield f"{area}: {agreed[area]} agreements of {agreed[area] + sum(left.values())} cases"
        yield from (f"  {number} {why}" for why, number in left.items())


def _why(outcome: str, report: Any) -> str:
    if outcome == "failed":
        return "disagree"
    told = dict(report.user_properties).get("beyond", "")
    return str(report.wasxfail or "expected") if outcome == "xfailed" else str(told)
