"""What can be judged: a value for which a placeholder stands, as `<CLUSTER_NAME>`, is not known yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from scaffold import load
from scaffold.model import LocatedFinding, SourceFile
from scaffold.validate import locating

_SUBJECT = re.compile(r"\A\w+ '[^']*'")  # what is wrong with an object need not be its name
_OWN = "unfilled-placeholder"
# A value of one word with a placeholder of one word, which may as well be an element of HTML anywhere else.
_IN_TEMPLATE = re.compile(r"[:-][ \t]+[\"']?[\w./-]*<[A-Za-z][\w-]*>[\w./-]*[\"']?\s*(?:[,\]}#]|\Z)")


def known(root: Path, found: Iterable[LocatedFinding], files: Mapping[str, SourceFile]) -> Iterator[LocatedFinding]:
    """The findings but for those about placeholders, which one finding of a rule of their own counts."""
    for finding in found:
        fact = _SUBJECT.sub("", finding.message)
        if finding.rule == _OWN or not (load.TOKEN.search(fact) or _is_unfilled(root, finding, files)):
            yield finding


def _is_unfilled(root: Path, finding: LocatedFinding, files: Mapping[str, SourceFile]) -> bool:
    file = files.get(finding.location.path)
    marks = _marks(file) if file else ()
    text = locating.lines(root, file.path)[finding.location.line - 1 : finding.location.line] if file and marks else ()
    return any(mark.search(line) for line in text for mark in marks)


def _marks(file: SourceFile) -> tuple[re.Pattern[str], ...]:
    """What a line of a file holds that something is to fill in."""
    return (*((load.TOKEN,) if file.unfilled else ()), *((_IN_TEMPLATE,) if file.is_called_template else ()))
