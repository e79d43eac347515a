"""The lines of CODEOWNERS that give a team its applications, and its releasers what releases to manual environments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scaffold import edit, staging
from scaffold import fleet as fleets
from scaffold.errors import ScaffoldError
from scaffold.fleet import Fleet
from scaffold.growth import rewrite
from scaffold.growth.members import Members
from scaffold.staging import Content

Edits = Mapping[str, Content | None]
_FILE = "CODEOWNERS"
_BLOCK = ("# begin teams", "# end teams")


def lines(fleet: Fleet, answers: Mapping[str, Any]) -> list[str]:
    """The lines that follow from a team's complete answers; a gate that they leave out is the fleet's."""
    team = answers["team"]
    entries = {entry["name"]: entry for entry in fleets.entries(answers["environments"])}
    gates = {name: {**fleet.environments.get(name, {}), **entry}.get("gate") for name, entry in entries.items()}
    manual = sorted(name for name, gate in gates.items() if gate == "manual")
    here = answers["topology"] != "multi-repo"
    released = "/apps/{}/*/overlays/{}/" if here else ""
    if answers["engine"] == "flux":
        released = "/teams/{}/environments/{}/release.yaml"
    found = [f"{released.format(team, name)} {answers['release_owners']}" for name in manual if released]
    return [f"/apps/{team}/ {answers['code_owners']}", *found] if here else found


def edits(fleet: Fleet, gone: Iterable[str], new: Iterable[str]) -> tuple[dict[str, Content | None], tuple[str, ...]]:
    """What becomes of CODEOWNERS, and notes where the file is not there or cannot lose a line; the order is kept."""
    wanted, unwanted = list(new), sorted(set(gone) - set(new))
    present = staging.read(fleet.root / _FILE)
    if present is None:
        return {}, tuple(f"there is no {_FILE}; where your forge reads one, add {line!r}" for line in wanted)
    text = present.data.decode("utf-8", "surrogateescape")
    try:
        edited = edit.insert_sorted(edit.remove_lines(text, *_BLOCK, unwanted), *_BLOCK, wanted)
    except ScaffoldError as error:
        raise ScaffoldError(f"{_FILE}: {error}") from error
    data = edited.encode("utf-8", "surrogateescape")
    return ({_FILE: present._replace(data=data)} if data != present.data else {}), _left(edited, unwanted)


def followed(known: Members, now: Fleet, changes: Edits) -> tuple[dict[str, Content | None], tuple[str, ...]]:
    """The same for teams whose environments some changes of layers change; `now` is the fleet after them."""
    gone: list[str] = []
    new: list[str] = []
    for directory, answers in known.of_kind("team").items():
        gone += lines(known.fleet, answers)
        new += lines(now, rewrite.recorded(known, changes, directory).answers)
    if set(gone) == set(new):
        return {}, ()
    return edits(known.fleet, set(gone) - set(new), [line for line in new if line not in gone])


def of_team(fleet: Fleet, team: str) -> list[str]:
    """Every line that speaks of a team's directories, whoever wrote it."""
    present = staging.read(fleet.root / _FILE)
    text = present.data.decode("utf-8", "surrogateescape") if present else ""
    return [line for line in text.splitlines() if line.lstrip().startswith((f"/apps/{team}/", f"/teams/{team}/"))]


def _left(text: str, unwanted: Iterable[str]) -> tuple[str, ...]:
    known = text.splitlines()
    return tuple(
        f"{_FILE}:{known.index(line) + 1} says {line!r} outside of the block of teams; remove it there"
        for line in unwanted
        if line in known
    )
