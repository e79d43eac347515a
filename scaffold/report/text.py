"""`path:line:column: severity: message [rule]`, with the source line below; the summary is the command's to print."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

from scaffold.model import LocatedFinding
from scaffold.report.outcome import Covered, Outcome

_WIDEST = 160
_NAMED = 20
_SECRET = re.compile(r"^[ \t]*+(-[ \t]++)?(kind:[ \t]*+['\"]?Secret\b|secretGenerator:)", re.MULTILINE)


def lines(outcome: Outcome, root: Path) -> Iterator[str]:
    """Yield two lines a finding; a line of a file that declares a Secret is not shown."""
    _lines.cache_clear()
    for finding in outcome.findings:
        place = ":".join(str(part) for part in finding.location)
        yield f"{place}: {finding.severity}: {finding.message} [{finding.rule}]"
        shown = _line(root, finding)
        if shown:
            yield f"    {finding.location.line:>4} | {shown}"


def _line(root: Path, finding: LocatedFinding) -> str:
    found = _lines(root, finding.location.path)
    number = finding.location.line
    shown = found[number - 1].rstrip()[:_WIDEST] if 0 < number <= len(found) else ""
    return "".join(c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in shown)


@functools.lru_cache(maxsize=64)
def _lines(root: Path, path: str) -> list[str]:
    try:
        text = (root / path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return []
    return [] if _SECRET.search(text) else text.splitlines()


def summary(covered: Covered, findings: int) -> Iterator[str]:
    """Yield what was covered, in one line, and a line for each thing that was skipped."""
    counted = _count(findings, "finding"), _count(covered.files, "file"), _count(covered.overlays, "overlay")
    text = f"{counted[0]} in {counted[1]}; {counted[2]} with {_count(covered.objects, 'object')} checked"
    if covered.unchanged:
        text += f", {_count(covered.unchanged, 'overlay')} unchanged"
    if covered.known:
        text += f", {_count(covered.known, 'finding')} in the baseline"
    skipped = covered.skipped
    yield f"{text}, {len(skipped) or 'nothing'} skipped ({covered.renderer})"
    for item in skipped[:_NAMED]:
        yield f"skipped {item.path}: {item.reason}"
    if len(skipped) > _NAMED:
        yield f"skipped {len(skipped) - _NAMED} more; `--format json` names all"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
