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


def known(root: Path, found: Iterable[LocatedFinding], files: Mapping[str, SourceFile]) -> Iterator[LocatedFinding]:
    """The findings but for those about placeholders, which one finding of a rule of their own counts."""
    for finding in found:
        fact = _SUBJECT.sub("", finding.message)
        if finding.rule == _OWN or not (load.TOKEN.search(fact) or _is_unfilled(root, finding, files)):
            yield finding


def _is_unfilled(root: Path, finding: LocatedFinding, files: Mapping[str, SourceFile]) -> bool:
    path, line = finding.location.path, finding.location.line
    if path not in files or not files[path].unfilled:
        return False
    text = locating.lines(root, path)[line - 1 : line]
    return any(map(load.TOKEN.search, text))
