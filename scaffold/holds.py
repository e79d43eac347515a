"""Holds: an overlay that was gone back with is left alone for a while; a file beside it says why and until when."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scaffold import instants, parse
from scaffold.errors import RefusedError, ScaffoldError
from scaffold.model import mapping
from scaffold.staging import Content

NAME = ".hold"  # no engine and no renderer reads a file without an ending
_KEYS = ("reason", "by", "since", "until", "commit")


class Hold(NamedTuple):
    """Why an overlay is held, by whom, from when to when, and the commit that it went back to; times are in UTC."""

    overlay: str
    reason: str
    by: str
    since: datetime.datetime
    until: datetime.datetime
    commit: str = ""

    def is_active(self, now: datetime.datetime) -> bool:
        return now < self.until


def path(overlay: str) -> str:
    """Where the hold of an overlay stands."""
    return f"{overlay}/{NAME}" if overlay else NAME


def content(hold: Hold) -> Content:
    """The file of a hold."""
    times = {"since": instants.written(hold.since), "until": instants.written(hold.until)}
    said = {"reason": hold.reason, "by": hold.by, **times, "commit": hold.commit}
    lines = [f"{key}: {json.dumps(text, ensure_ascii=False)}\n" for key, text in said.items() if text]
    heading = "# `gitops-scaffold bump` and `promote` leave this directory alone until then, or `hold release`.\n"
    return Content((heading + "".join(lines)).encode())


def read(root: Path, overlay: str) -> Hold | None:
    """The hold of an overlay, expired or not; raises ScaffoldError where its file cannot be understood."""
    name = path(overlay)
    try:
        text = (root / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ScaffoldError(f"{name}: cannot be read, {error}; mend it or remove it") from error
    documents = parse.documents(text, name)
    said = {key: str(mapping(documents[0] if documents else None).get(key) or "") for key in _KEYS}
    since, until = (_time(said[key], name, key) for key in ("since", "until"))
    return Hold(overlay, said["reason"], said["by"], since, until, said["commit"])


def every(root: Path) -> Iterator[Hold]:
    """Every hold below a root, in the order of the overlays."""
    for found in sorted(root.rglob(NAME)):
        if found.is_file() and ".git" not in found.parts:
            overlay = found.parent.relative_to(root).as_posix()
            hold = read(root, "" if overlay == "." else overlay)
            if hold:
                yield hold


def released(root: Path, overlay: str) -> dict[str, Content | None]:
    """The change that ends a hold; raises ScaffoldError where there is none."""
    if not (root / path(overlay)).is_file():
        raise ScaffoldError(f"{overlay} is not held; 'gitops-scaffold hold list' says what is")
    return {path(overlay): None}


def refuse_held(root: Path, overlay: str, now: datetime.datetime) -> None:
    """Raise RefusedError where an overlay is held."""
    hold = read(root, overlay)
    if hold and hold.is_active(now):
        fact = f"{overlay} is held until {instants.written(hold.until)} by {hold.by}: {hold.reason}"
        raise RefusedError(f"{fact}; wait, or end that with 'gitops-scaffold hold release'")


def _time(text: str, name: str, key: str) -> datetime.datetime:
    try:
        return instants.parsed(text)
    except ValueError as error:
        raise ScaffoldError(f"{name}: {key} {text!r} is no time; write one such as '2027-01-31T12:00:00Z'") from error
