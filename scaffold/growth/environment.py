"""An environment for the fleet, and for the teams and applications that want it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scaffold import fleet as fleets
from scaffold import git, nearest
from scaffold.errors import ScaffoldError
from scaffold.fleet import Fleet
from scaffold.growth import following, members, owners, rewrite
from scaffold.growth.members import Members
from scaffold.growth.plan import Plan
from scaffold.growth.sequence import is_branched


@dataclass(frozen=True)
class Wanted:
    """An environment as asked for: `after` another, or `beside` it in the same stage; else the last one."""

    name: str
    cluster: str = ""
    gate: str = ""
    after: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Takers:
    """Who gets it: what is in the environment `like`, `teams` with all applications, and applications, `team/app`."""

    like: str = ""
    teams: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.like or self.teams or self.apps)


def plan(fleet: Fleet, wanted: Wanted, takers: Takers, jobs: int = 1) -> Plan:
    """What an environment writes: a new one in the fleet and on its cluster, and either one in those who take it."""
    known = members.find(fleet.root)
    changed = {} if wanted.name in fleet.environments else _new(known, wanted)
    if not changed:
        _refuse_other_place(wanted, takers)
    now = following.after(fleet, changed.get("", {}))
    taking = [each for each in _taking(known, takers) if not _has(known, each, wanted.name)]
    for directory in taking:
        recorded = known.layers[directory].recorded.answers
        changed[directory] = {following.ANSWER: following.joined(now, recorded, wanted.name)}
    edits = rewrite.changes(known, following.followed(known, changed), jobs)
    lines, notes = owners.followed(known, now, edits)
    return Plan({}, {**edits, **lines}, (*notes, *_branch(fleet, wanted.name), *_notes(known, wanted.name, taking)))


def _new(known: Members, wanted: Wanted) -> dict[str, dict[str, Any]]:
    """The answers of the fleet and of the cluster that a new environment is on."""
    fleet = known.fleet
    if fleet.owner:
        fact = f"environment {wanted.name!r} is not among the answers of this repository"
        raise ScaffoldError(f"{fact}; bring it after the fleet's first: gitops-scaffold set environments=…")
    cluster = wanted.cluster or next(iter(fleet.clusters))
    if cluster not in fleet.clusters:
        raise ScaffoldError(f"cluster {cluster!r} is unknown; {nearest.hint(cluster, fleet.clusters)}")
    placed = following.entries(fleet, "fleet", _placed(fleet, wanted, cluster))
    changed: dict[str, dict[str, Any]] = {"": {following.ANSWER: placed}}
    for directory, answers in known.of_kind("cluster").items():
        if answers["cluster"] == cluster:
            changed[directory] = {following.ANSWER: [*fleets.names(answers.get(following.ANSWER)), wanted.name]}
    return changed


def _placed(fleet: Fleet, wanted: Wanted, cluster: str) -> list[dict[str, Any]]:
    """All environments in order, gates written out: a default follows the position and would move to another one."""
    entries = [dict(entry) for entry in fleet.environments.values()]
    known = fleet.environments
    near = wanted.beside or wanted.after or (entries[-1]["name"] if entries else "")
    if near and near not in known:
        raise ScaffoldError(f"environment {near!r} is unknown; {nearest.hint(near, known)}")
    stage = known[near]["stage"] + (not wanted.beside) if near else 0
    if not wanted.beside:
        for entry in entries:
            entry["stage"] += entry["stage"] >= stage
    last = all(entry["stage"] <= stage for entry in entries)
    new = {
        "name": wanted.name,
        "stage": stage,
        "cluster": cluster,
        "gate": wanted.gate or ("manual" if last else "auto"),
    }
    position = sum(entry["stage"] <= stage for entry in entries)
    return [*entries[:position], new, *entries[position:]]


def _refuse_other_place(wanted: Wanted, takers: Takers) -> None:
    if not takers:
        remedy = "choose another name, or say with --like, --team or --app who gets it"
        raise ScaffoldError(f"environment {wanted.name!r} is there already; {remedy}")
    if wanted.cluster or wanted.gate or wanted.after or wanted.beside:
        fact = f"environment {wanted.name!r} is there already, and stays where it is"
        raise ScaffoldError(f"{fact}; leave out its cluster, gate and place")


def _taking(known: Members, takers: Takers) -> Iterator[str]:
    """The layers that get it, teams first: an application can be nowhere that its team is not."""
    _refuse_unknown(known, takers)
    teams, apps = known.of_kind("team"), known.of_kind("app")
    chosen = {
        directory
        for directory, answers in apps.items()
        if answers["team"] in takers.teams
        or f"{answers['team']}/{answers['app']}" in takers.apps
        or (takers.like and _has(known, directory, takers.like))
    }
    named = {*takers.teams, *(apps[directory]["team"] for directory in chosen)}
    for directory, answers in teams.items():
        if answers["team"] in named or (takers.like and _has(known, directory, takers.like)):
            yield directory
    yield from sorted(chosen)


def _refuse_unknown(known: Members, takers: Takers) -> None:
    environments = known.fleet.environments
    if takers.like and takers.like not in environments:
        raise ScaffoldError(f"environment {takers.like!r} is unknown; {nearest.hint(takers.like, environments)}")
    for team in takers.teams:
        known.fleet.team(team)
    apps = [f"{answers['team']}/{answers['app']}" for answers in known.of_kind("app").values()]
    for app in takers.apps:
        if app not in apps:
            raise ScaffoldError(f"application {app!r} is unknown; {nearest.hint(app, apps)}")


def _has(known: Members, directory: str, name: str) -> bool:
    return name in fleets.names(known.layers[directory].recorded.answers.get(following.ANSWER))


def _branch(fleet: Fleet, name: str) -> Iterator[str]:
    """How the branch that an environment follows is made where it is not there: from the trunk, which has overlays."""
    if not is_branched(fleet):
        return
    if not fleet.holds_applications:
        yield f"{name} follows a branch of its own in each team's repository; docs/promotion.md there says how"
    elif not git.attempt(fleet.root, "rev-parse", "--verify", "--quiet", f"refs/remotes/origin/env/{name}").ok:
        push = f"git fetch && git push origin origin/{fleet.answers['branch']}:refs/heads/env/{name}"
        yield f"once this is merged, '{push}' makes the branch that {name} follows"


def _notes(known: Members, name: str, taking: list[str]) -> Iterator[str]:
    if any(known.layers[directory].recorded.answers["kind"] == "app" for directory in taking):
        promote = f"gitops-scaffold promote --all --to {name}{' --pull-request' if is_branched(known.fleet) else ''}"
        yield f"the overlays run what the answers say; '{promote}' brings versions"
    elif not taking and known.of_kind("team"):
        team = next(iter(known.of_kind("team").values()))["team"]
        yield f"nobody has {name!r} yet: 'gitops-scaffold add environment {name} --team {team}' gives it to a team"
