"""A new team: its layer, and its lines in CODEOWNERS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scaffold.errors import ScaffoldError
from scaffold.fleet import Fleet
from scaffold.growth import following, layers, owners
from scaffold.growth.plan import Plan


def plan(fleet: Fleet, name: str, environments: tuple[str, ...], given: Mapping[str, Any]) -> Plan:
    """What adding a team writes; without environments it gets all of the fleet's."""
    refuse_collision(name, fleet.teams)
    if not fleet.holds_applications:
        _refuse_address(fleet, name, given.get("team_repository_url"))
    layers.refuse_changed(fleet.root, layers.answers_file())
    chosen = following.entries(fleet, "team", fleet.chosen(environments))
    with layers.generator(fleet.recorded) as made:
        files = layers.render(made, fleet, "team", {"team": name, "environments": chosen}, given)
    return Plan({f"teams/{name}": files}, *owners.edits(fleet, (), owners.lines(fleet, layers.recorded(files).answers)))


def refuse_collision(name: str, others: Iterable[str]) -> None:
    """Composed names, `<team>-<app>-<environment>`, stay apart only where no team's name begins another's."""
    for other in others:
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
