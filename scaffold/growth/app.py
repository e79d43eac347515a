"""A new application of a team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold import fleet as fleets
from scaffold import nearest
from scaffold.errors import ScaffoldError
from scaffold.fleet import Fleet
from scaffold.growth import following, layers
from scaffold.growth.plan import Plan


def plan(fleet: Fleet, team: str, name: str, environments: tuple[str, ...], given: Mapping[str, Any]) -> Plan:
    """What adding an application writes; without environments it gets all of its team's."""
    refuse_elsewhere(fleet, team)
    of_team = fleets.names(fleet.team(team).answers.get("environments"))
    for environment in environments:
        if environment in fleet.environments and environment not in of_team:
            fact = f"team {team!r} has no environment {environment!r}"
            raise ScaffoldError(f"{fact}; {nearest.hint(environment, of_team)}")
    chosen = fleet.chosen(environments or tuple(of_team))
    refuse_collision(fleet, team, name, [entry["name"] for entry in chosen], fleet.applications(team))
    layers.refuse_changed(fleet.root, layers.answers_file(), layers.answers_file(fleet.layer(team)))
    own = {"team": team, "app": name, "environments": fleets.written(following.entries(fleet, "app", chosen))}
    with layers.generator(fleet.recorded) as made:
        return Plan({f"{fleet.home(team)}/{name}": layers.render(made, fleet, "app", own, given)})


def refuse_elsewhere(fleet: Fleet, team: str) -> None:
    """Raise ScaffoldError where a team's applications stand in another repository."""
    if fleet.owner and team != fleet.owner:
        raise ScaffoldError(f"this is the repository of team {fleet.owner!r}, not of {team!r}; leave --team out")
    if not fleet.holds_applications:
        url = fleet.team(team).answers.get("team_repository_url")
        fact = f"the applications of team {team!r} stand in its own repository, {url}"
        raise ScaffoldError(f"{fact}; run this in a clone of it")


def refuse_collision(fleet: Fleet, team: str, name: str, environments: list[str], others: list[str]) -> None:
    """An application `a` in `b-c` and an application `a-b` in `c` would have one name."""
    if name in others:
        raise ScaffoldError(f"application {name!r} of team {team!r} is there already; choose another name")
    composed = {f"{name}-{environment}" for environment in environments}
    for other in others:
        if not (other.startswith(f"{name}-") or name.startswith(f"{other}-")):
            continue
        clash = sorted(composed & {f"{other}-{environment}" for environment in fleet.environments})
        if clash:
            fact = f"application {name!r} would share the name '{team}-{clash[0]}' with application {other!r}"
            raise ScaffoldError(f"{fact}; choose another name")
