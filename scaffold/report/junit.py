"""JUnit XML, as Jenkins and GitLab read it: a test case for each finding and for each thing that was skipped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from scaffold.model import LocatedFinding, Skipped
from scaffold.report.outcome import Covered, Outcome

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = '"gitops-scaffold"'


def lines(outcome: Outcome, _: Path) -> Iterator[str]:
    """Yield the report; a clean one holds a case that passed, because a report without any is taken for a failure."""
    failures, skipped = len(outcome.findings), len(outcome.summary.skipped)
    counts = f'tests="{max(1, failures) + skipped}" failures="{failures}" errors="0" skipped="{skipped}"'
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f"<testsuites name={_NAME} {counts}>"
    yield f"  <testsuite name={_NAME} {counts}>"
    yield from _failures(outcome.findings) if failures else _passed(outcome.summary)
    yield from (line for item in outcome.summary.skipped for line in _skipped(item))
    yield "  </testsuite>"
    yield "</testsuites>"


def _failures(findings: tuple[LocatedFinding, ...]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for finding in findings:
        place = ":".join(str(part) for part in finding.location)
        name = f"{finding.rule} at {place}"
        seen[name] += 1
        if seen[name] > 1:
            name += f" ({seen[name]})"
        words = f"{place}: {finding.severity}: {finding.message} [{finding.rule}]"
        yield f"    <testcase classname={_quoted(finding.location.path)} name={_quoted(name)}>"
        yield f"      <failure type={_quoted(finding.severity.value)} message={_quoted(words)}/>"
        yield "    </testcase>"


def _passed(covered: Covered) -> Iterator[str]:
    name = f"{covered.files} files, {covered.overlays} overlays, {covered.objects} objects"
    yield f"    <testcase classname={_NAME} name={_quoted(name)}/>"


def _skipped(item: Skipped) -> Iterator[str]:
    yield f"    <testcase classname={_quoted(item.path)} name={_quoted(f'{item.path} is checked')}>"
    yield f"      <skipped message={_quoted(item.reason)}/>"
    yield "    </testcase>"


def _quoted(text: str) -> str:
    """An attribute's value in quotes, without the characters that XML cannot hold."""
    return quoteattr(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text))
