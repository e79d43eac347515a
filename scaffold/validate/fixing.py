"""What findings with one right remedy make of their files: the bytes of a value or a key, and nothing else."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from scaffold import edit, parse, staging
from scaffold.errors import ScaffoldError
from scaffold.model import LocatedFinding, Remedy, dig


class Fixed(NamedTuple):
    """The files before and after, by path relative to the root, and how many findings that mends."""

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    mended: int


def fixed(root: Path, findings: Iterable[LocatedFinding]) -> Fixed:
    """Every file that a finding tells how to mend, mended; what cannot be changed in place is left as it is."""
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    remedies = [finding.remedy for finding in findings if finding.remedy]
    done: set[Remedy] = set()
    for remedy in dict.fromkeys(remedies):
        path = remedy.place.path
        content = after.get(path) or _content(root / path)
        made = _made(content, remedy)
        if made == content:
            continue
        before.setdefault(path, content)
        after[path] = made
        done.add(remedy)
    return Fixed(before, after, sum(remedy in done for remedy in remedies))


def _content(path: Path) -> bytes:
    try:
        return b"" if path.is_symlink() else path.read_bytes()
    except OSError:
        return b""


def _made(content: bytes, remedy: Remedy) -> bytes:
    """The content with a remedy, or as it is where the place holds something else or shares its bytes with others."""
    try:
        documents = parse.documents(content.decode("utf-8-sig"), remedy.place.path)
        change = _change(documents[remedy.place.document], remedy)
        return edit.changed(content, [change], remedy.place.path) if change else content
    except (ScaffoldError, UnicodeDecodeError, IndexError):
        return content


def _change(document: object, remedy: Remedy) -> edit.Change | None:
    place, becomes = remedy.place, remedy.becomes
    if not place.pointer:
        return None
    if not place.at_key:
        holds = dig(document, *place.pointer) == remedy.was
        return edit.Set(place.document, place.pointer, becomes) if holds else None
    siblings = dig(document, *place.pointer[:-1]) if len(place.pointer) > 1 else document
    free = isinstance(siblings, Mapping) and remedy.was in siblings and becomes not in siblings
    fits = free and place.pointer[-1] == remedy.was
    return edit.Rename(place.document, place.pointer, becomes) if fits else None


def write(root: Path, files: Fixed) -> None:
    """Write the files, all or none; raises ScaffoldError where one cannot be written."""
    contents = {path: staging.Content(data, _is_program(root / path)) for path, data in files.after.items()}
    try:
        staging.files(root, contents)
    except OSError as error:
        raise ScaffoldError(f"{error.filename!r} cannot be written, {error.strerror}; nothing was fixed") from error


def _is_program(path: Path) -> bool:
    found = staging.read(path)
    return found is not None and found.executable


def differences(files: Fixed) -> Iterator[str]:
    """The lines of a patch that does the same."""
    for path, data in sorted(files.after.items()):
        before, after = _lines(files.before[path]), _lines(data)
        for line in difflib.unified_diff(before, after, f"a/{path}", f"b/{path}"):
            yield from (line,) if line.endswith("\n") else (f"{line}\n", "\\ No newline at end of file\n")


def _lines(data: bytes) -> list[str]:
    """Lines that end where git says they do."""
    text = data.decode("utf-8")
    return [f"{line}\n" for line in text.split("\n")[:-1]] + ([last] if (last := text.rpartition("\n")[2]) else [])
