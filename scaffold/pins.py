"""Pins: the commit that Flux deploys of a team's applications where the gate is manual, and the file that says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import edit, git, parse, staging
from scaffold.errors import ScaffoldError
from scaffold.model import Layer, dig
from scaffold.staging import Content

_COMMIT = ("spec", "ref", "commit")
_SUSPEND = ("spec", "suspend")
_WHOLE = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True)
class Pin:
    """What a team's applications run in an environment; `commit` is empty before the first release."""

    path: str
    team: str
    environment: str
    commit: str


def find(root: Path, layers: Iterable[Layer], team: str, environment: str) -> Pin | None:
    """The pin of a team in an environment, if it has one; raises ScaffoldError where its file names no one commit."""
    for layer in layers:
        if layer.kind == "team" and layer.answers.get("team") == team:
            path = f"{layer.path}/environments/{environment}/release.yaml"
            if (root / path).is_file():
                return Pin(path, team, environment, _commit((root / path).read_text(encoding="utf-8"), path))
    return None


def moved(root: Path, pin: Pin, commit: str) -> Content:
    """The pin's file with another commit in both sources; what was suspended until the first release is so no more."""
    before = staging.read(root / pin.path)
    assert before is not None
    sources = list(_sources(before.data.decode(), pin.path))
    data = edit.changed(before.data, [_set(number, data, commit) for number, data in sources], pin.path)
    first = [edit.Remove(number, _SUSPEND) for number, data in sources if _is_first(data)]
    return before._replace(data=edit.changed(data, first, pin.path))


def _set(number: int, data: Any, commit: str) -> edit.Change:
    if dig(data, *_COMMIT) is not None:
        return edit.Set(number, _COMMIT, commit)
    if dig(data, "spec", "ref"):
        return edit.Add(number, _COMMIT, commit)
    return edit.Add(number, _COMMIT[:2], {_COMMIT[2]: commit})


def _is_first(data: Any) -> bool:
    return dig(data, *_COMMIT) is None and dig(data, *_SUSPEND) is not None


class Move(NamedTuple):
    """A commit that moved a pin, the one that the pin names since, and the one that was gone back from, if it was."""

    change: str
    commit: str
    undid: str = ""


_FORMAT = "%H%x00%(trailers:key=Rolled-back-from,valueonly,separator=%x2C)"


def history(root: Path, pin: Pin) -> Iterator[Move]:
    """The moves of a pin, newest first and as merges brought them."""
    listed = git.run(root, "log", "--first-parent", f"--format={_FORMAT}", "--", pin.path)
    for change, undid in (line.split("\0") for line in listed.splitlines()):
        text = git.run(root, "show", f"{change}:./{pin.path}", check=False)
        yield Move(change, _commit(text, f"{pin.path} of {change[:12]}"), undid)


def _commit(text: str, path: str) -> str:
    found = {str(dig(data, *_COMMIT) or "") for _, data in _sources(text, path)}
    wrong = sorted(commit for commit in found if commit and not _WHOLE.fullmatch(commit))
    if len(found) > 1 or wrong:
        fact = f"names {wrong[0]!r}, which is no whole SHA" if wrong else "names one commit in one source only"
        raise ScaffoldError(f"{path} {fact}; write the same whole SHA into both")
    return next(iter(found), "")


def _sources(text: str, path: str) -> Iterator[tuple[int, Any]]:
    """The documents that patch a source, by their numbers."""
    documents = enumerate(parse.documents(text, path))
    return ((number, data) for number, data in documents if dig(data, "kind") == "GitRepository")
