"""A new team: its layer, and its lines in CODEOWNERS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold import edit, staging
from scaffold.errors import ScaffoldError
from scaffold.fleet import Fleet
from scaffold.growth import layers
from scaffold.growth.plan import Plan
from scaffold.staging import Content

_CODEOWNERS = "CODEOWNERS"
_BLOCK = ("# begin teams", "# end teams")
_KEYS = ("name", "cluster", "gate", "kubernetes_version")


def plan(fleet: Fleet, name: str, environments: tuple[str, ...], given: Mapping[str, Any]) -> Plan:
    """What adding a team writes; without environments it gets all of the fleet's."""
    _refuse_collision(fleet, name)
    if not fleet.holds_applications:
        _refuse_address(fleet, name, given.get("team_repository_url"))
    layers.refuse_changed(fleet.root, layers.answers_file())
    chosen = [{key: entry[key] for key in _KEYS} for entry in fleet.chosen(environments)]
    with layers.generator(fleet.recorded) as made:
        files = layers.render(made, fleet, "team", {"team": name, "environments": chosen}, given)
    return Plan({f"teams/{name}": files}, *_code_owners(fleet, name, files, chosen))


def _refuse_collision(fleet: Fleet, name: str) -> None:
    """Composed names, `<team>-<app>-<environment>`, stay apart only where no team's name begins another's."""
    for other in fleet.teams:
        if other == name:
            raise ScaffoldError(f"team {name!r} is there already; choose another name")
        shorter, longer = sorted((name, other), key=len)
        if longer.startswith(f"{shorter}-"):
            fact = f"team {name!r} beside {other!r} would make equal names for different applications"
            raise ScaffoldError(f"{fact}; choose a name that does not begin with the other and a dash")


def _refuse_address(fleet: Fleet, name: str, url: object) -> None:
    """A team is registered by its repository, and a repository has one owner."""
    if not url:
        fact = f"team {name!r} has its applications in a repository of its own"
        raise ScaffoldError(f"{fact}; name it with --data team_repository_url=…")
    for other in fleet.teams:
        if fleet.team(other).answers.get("team_repository_url") == url:
            raise ScaffoldError(f"{str(url)!r} is the repository of team {other!r}; give each team one of its own")


def _code_owners(
    fleet: Fleet, name: str, files: Mapping[str, Content], environments: list[dict[str, Any]]
) -> tuple[dict[str, Content | None], tuple[str, ...]]:
    lines = owner_lines(name, files, environments)
    present = staging.read(fleet.root / _CODEOWNERS)
    if present is None:
        return {}, tuple(f"there is no {_CODEOWNERS}; where your forge reads one, add {line!r}" for line in lines)
    text = present.data.decode("utf-8", "surrogateescape")
    try:
        edited = edit.insert_sorted(text, *_BLOCK, lines)
    except ScaffoldError as error:
        raise ScaffoldError(f"{_CODEOWNERS}: {error}") from error
    data = edited.encode("utf-8", "surrogateescape")
    return ({_CODEOWNERS: present._replace(data=data)} if data != present.data else {}), ()


def owner_lines(name: str, files: Mapping[str, Content], environments: list[dict[str, Any]]) -> list[str]:
    """The lines that give a team its applications, and its releasers what releases to manual environments."""
    recorded = layers.recorded(files).answers
    manual = sorted(entry["name"] for entry in environments if entry["gate"] == "manual")
    here = recorded["topology"] != "multi-repo"
    released = "/apps/{}/*/overlays/{}/" if here else ""
    if recorded["engine"] == "flux":
        released = "/teams/{}/environments/{}/release.yaml"
    lines = [f"{released.format(name, environment)} {recorded['release_owners']}" for environment in manual if released]
    return [f"/apps/{name}/ {recorded['code_owners']}", *lines] if here else lines
