"""Findings to findings with a line and a column; for a rendered object, those of the source that set the field."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

from scaffold import parse
from scaffold.model import Finding, LocatedFinding, Location, Place, fingerprint

_TEMPLATES = "/templates/"  # of a chart; YAML without actions stays as it is


def in_files(root: Path, findings: Iterable[Finding]) -> Iterator[LocatedFinding]:
    """Locate findings whose places are in files; a place in a rendered object has to be traced first."""
    for finding in findings:
        location = locate(root, finding.place)
        message = finding.message
        for number, place in enumerate(finding.related):
            message = message.replace(f"{{{number}}}", _words(locate(root, place)))
        yield LocatedFinding(
            location,
            finding.rule,
            message,
            finding.severity,
            finding.confidence,
            fingerprint(finding.rule, finding.place.path, finding.subject or _subject(finding.place)),
            finding.place.overlay,
            finding.excuse,
            finding.remedy and finding.remedy._replace(place=finding.place),
            finding.unless,
        )


def _words(location: Location) -> str:
    return f"{location.path}:{location.line}"


def _subject(place: Place) -> str:
    return f"{place.document}/{'/'.join(str(part) for part in place.pointer)}"


def locate(root: Path, place: Place) -> Location:
    """The line and column of a place in a file."""
    if place.line:
        return Location(place.path, place.line, place.column or 1)
    text = _read(root, place.path)
    text = parse.plain(text) if _TEMPLATES in f"/{place.path}" else text
    line, column = parse.locate(text, place.document, place.pointer, at_key=place.at_key)
    return Location(place.path or ".", line, column)


def forget() -> None:
    """Read every file anew: a program may validate, write, and validate again."""
    _read.cache_clear()


def lines(root: Path, path: str) -> list[str]:
    """The lines of a file; none where it cannot be read."""
    return _read(root, path).splitlines()


@functools.lru_cache(maxsize=64)
def _read(root: Path, path: str) -> str:
    try:
        return (root / path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
