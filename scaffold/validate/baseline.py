"""Findings that were there when an old repository was first validated; the list of them only shrinks."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import staging
from scaffold.errors import ScaffoldError
from scaffold.model import Idle, LocatedFinding, Place, Repository
from scaffold.validate import locating
from scaffold.validate.outcome import Report

_REMEDY = "mend it, or delete it and write it again with --write-baseline"


class Entry(NamedTuple):
    """A finding that is known, by what survives moved lines and reworded messages."""

    path: str
    rule: str
    fingerprint: str


def read(file: Path) -> list[Entry]:
    """The entries of a baseline; raises ScaffoldError where it cannot be read or is none."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ScaffoldError(f"baseline {str(file)!r} is not there; write it with --write-baseline") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ScaffoldError(f"baseline {str(file)!r} cannot be read, {error}; {_REMEDY}") from error
    except (ValueError, RecursionError) as error:
        raise ScaffoldError(f"baseline {str(file)!r} is no JSON, {error}; {_REMEDY}") from error
    found = data.get("findings") if isinstance(data, Mapping) and data.get("version") == 1 else None
    if not isinstance(found, list) or not all(_is_entry(item) for item in found):
        raise ScaffoldError(f"baseline {str(file)!r} is none of version 1; {_REMEDY}")
    return [Entry(*(item[name] for name in Entry._fields)) for item in found]


def _is_entry(item: Any) -> bool:
    return isinstance(item, Mapping) and all(isinstance(item.get(name), str) for name in Entry._fields)


def entries(findings: Iterable[LocatedFinding]) -> list[Entry]:
    """What a new baseline holds."""
    return sorted({Entry(item.location.path, item.rule, item.fingerprint) for item in findings})


def write(file: Path, known: Iterable[Entry]) -> None:
    """Write a baseline, a line for each entry so that two branches can both shrink it; OSError where that fails."""
    lines = ",\n".join(f"    {json.dumps(entry._asdict(), ensure_ascii=False)}" for entry in sorted(known))
    text = f'{{\n  "version": 1,\n  "findings": [\n{lines}\n  ]\n}}\n'
    staging.files(file.parent, {file.name: staging.Content(text.encode())})


def firing(known: Iterable[Entry], report: Report) -> list[Entry]:
    """The entries that are still found, or that could not be looked for."""
    found = {finding.fingerprint for finding in report.findings}
    return [entry for entry in known if entry.fingerprint in found or entry.path in report.unseen]


def applied(report: Report, known: list[Entry], file: Path, root: Path) -> Report:
    """The report without what is known, and with a finding for each entry that fires no more."""
    prints = {entry.fingerprint for entry in known}
    new = [finding for finding in report.findings if finding.fingerprint not in prints]
    kept = set(firing(known, report))
    stale = _stale([entry for entry in known if entry not in kept], file, root)
    summary = dataclasses.replace(report.summary, known=len(report.findings) - len(new))
    return dataclasses.replace(report, findings=tuple(sorted((*new, *stale))), summary=summary)


def _stale(gone: Iterable[Entry], file: Path, root: Path) -> Iterator[LocatedFinding]:
    name = file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
    lines = file.read_text(encoding="utf-8").splitlines()
    idle = []
    for entry in gone:
        line = next((n for n, text in enumerate(lines, 1) if f'"{entry.fingerprint}"' in text), 1)
        fact = f"in {entry.path!r} fires no more; take it out with --write-baseline"
        idle.append(Idle(Place(name, line=line, column=1), "baseline entry", entry.rule, fact))
    from scaffold.rules.files import unused_ignore  # an unchanged repository without a baseline needs no rule

    return locating.in_files(root, unused_ignore.check(Repository(idle=tuple(idle))))
