"""Less of a fleet: what removing an application, a team, an environment or a cluster would write, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from scaffold import fleet as fleets
from scaffold import nearest
from scaffold.errors import ScaffoldError
from scaffold.fleet import Fleet
from scaffold.growth import app as apps
from scaffold.growth import following, leaving, members, owners, sequence
from scaffold.growth.leaving import Edits
from scaffold.growth.members import Members
from scaffold.growth.plan import Plan
from scaffold.growth.sequence import Deployed, Housed


def app(fleet: Fleet, team: str, name: str, environments: tuple[str, ...], jobs: int = 1) -> Plan:
    """What removing an application writes, or what it has in some environments."""
    fleet.team(team)
    apps.refuse_elsewhere(fleet, team)
    there = fleet.applications(team)
    if name not in there:
        raise ScaffoldError(f"application {name!r} of team {team!r} is unknown; {nearest.hint(name, there)}")
    known, directory = members.find(fleet.root), f"{fleet.home(team)}/{name}"
    own = _environments(known, directory)
    for environment in environments:
        if environment not in own:
            raise ScaffoldError(f"application {name!r} is not in {environment!r}; {nearest.hint(environment, own)}")
    if set(own) <= set(environments) or not environments:
        edits, notes = _whole(known, [directory])
        steps = sequence.applications_leave(fleet, list(_deployed(known, {directory: (team, name)}, own)))
        return Plan({}, edits, notes, steps=tuple(steps))
    return _leave(known, [directory], environments, jobs)


def team(fleet: Fleet, name: str) -> Plan:
    """What removing a team without applications writes."""
    answers = fleet.team(name).answers
    if there := fleet.applications(name):
        fact = f"team {name!r} still has the applications {', '.join(there)}"
        raise ScaffoldError(f"{fact}; begin with 'gitops-scaffold remove app {there[0]} --team {name}'")
    edits, notes = _whole(members.find(fleet.root), [f"teams/{name}", f"apps/{name}"])
    owned, left = owners.edits(fleet, owners.of_team(fleet, name), ())
    housed = [Housed(name, environment) for environment in fleets.names(answers[following.ANSWER])]
    elsewhere = [] if fleet.holds_applications else [str(answers.get("team_repository_url"))]
    first = sequence.elsewhere_first(elsewhere, "remove app", "for each application")
    steps = (*first, *sequence.teams_leave(fleet, housed))
    return Plan({}, {**edits, **owned}, (*notes, *left), steps=steps)


def environment(fleet: Fleet, name: str, jobs: int = 1, *, at_once: bool = False) -> Plan:
    """What the next stage of removing an environment writes: out of applications, out of teams, out of the fleet.

    Each stage is safe when the engine has done what the one before says. `at_once` writes all of them, for an
    environment in which nothing runs. Where teams have repositories of their own, the first stage is there.
    """
    if name not in fleet.environments:
        raise ScaffoldError(f"environment {name!r} is unknown; {nearest.hint(name, fleet.environments)}")
    if len(fleet.environments) == 1:
        raise ScaffoldError(f"environment {name!r} is the only one; add another before it goes")
    known = members.find(fleet.root)
    stages = [
        ("applications", _within(known, "app", name)),
        ("teams", _within(known, "team", name)),
        ("the answers of this repository" if fleet.owner else "the fleet", [""]),
    ]
    _refuse_only(known, name, [directory for _, stage in stages[:2] for directory in stage])
    if at_once:
        return _leave(known, [directory for _, stage in stages for directory in stage], (name,), jobs)
    (_, now), *later = [(what, stage) for what, stage in stages if stage]
    plan = _leave(known, now, (name,), jobs)
    elsewhere = [] if fleet.holds_applications or not later else _repositories(known, now)
    first = sequence.elsewhere_first(elsewhere, f"remove environment {name}", "with all of its steps")
    then = f"once that is done, run this command again: it goes on with {later[0][0]}" if later else ""
    return replace(plan, steps=(*first, *plan.steps, *([then] if then else [])))


def cluster(fleet: Fleet, name: str, jobs: int = 1) -> Plan:
    """What removing a cluster without environments writes."""
    if name not in fleet.clusters:
        raise ScaffoldError(f"cluster {name!r} is unknown; {nearest.hint(name, fleet.clusters)}")
    if name == next(iter(fleet.clusters)):
        raise ScaffoldError(f"cluster {name!r} is the control plane's; a fleet cannot be without it")
    if on_it := [each["name"] for each in fleet.environments.values() if each["cluster"] == name]:
        fact = f"cluster {name!r} still has the environments {', '.join(on_it)}"
        raise ScaffoldError(f"{fact}; begin with 'gitops-scaffold remove environment {on_it[0]}'")
    known = members.find(fleet.root)
    left = [entry for entry in fleets.entries(fleet.answers["clusters"]) if entry["name"] != name]
    whole, notes = _whole(known, [f"clusters/{name}"])
    edits, yours = leaving.without(known, {"": {"clusters": fleets.written(left)}}, [name], jobs)
    steps = tuple(sequence.cluster_leaves(fleet, name))
    return Plan({}, {**whole, **edits}, (*notes, *_told(yours)), steps=steps)


def _leave(known: Members, directories: Sequence[str], names: Sequence[str], jobs: int) -> Plan:
    """Take environments out of layers, of which the fleet's is the empty one."""
    changed = _without(known, directories, names)
    now = following.after(known.fleet, changed.get("", {}))
    edits, yours = leaving.without(known, following.followed(known, changed), names, jobs)
    owned, left = owners.followed(known, now, edits)
    steps = tuple(_steps(known, directories, names))
    return Plan({}, {**edits, **owned}, (*_told(yours), *left), steps=steps)


def _without(known: Members, directories: Sequence[str], names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The answers of layers that lose environments; with the fleet's go those of its clusters."""
    also = known.of_kind("cluster") if "" in directories else ()
    changed: dict[str, dict[str, Any]] = {}
    for directory in (*filter(None, directories), *also):
        entries = fleets.entries(known.layers[directory].recorded.answers.get(following.ANSWER))
        changed[directory] = {following.ANSWER: fleets.written([each for each in entries if each["name"] not in names])}
    if "" in directories:
        left = [dict(each) for each in known.fleet.environments.values() if each["name"] not in names]
        stages = sorted({each["stage"] for each in left})
        renumbered = [{**each, "stage": stages.index(each["stage"])} for each in left]
        kind = known.fleet.answers["kind"]
        changed[""] = {following.ANSWER: following.entries(known.fleet, kind, renumbered)}
    return changed


def _steps(known: Members, directories: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    """What follows; where several stages are written at once, they are merged at once, too."""
    fleet = known.fleet
    layers = {kind: known.of_kind(kind) for kind in ("app", "team")}
    apps = {each: (a["team"], a["app"]) for each, a in layers["app"].items() if each in directories}
    teams = [answers["team"] for each, answers in layers["team"].items() if each in directories]
    stages: list[Iterable[str]] = []
    if apps:
        stages.append(sequence.applications_leave(fleet, list(_deployed(known, apps, names))))
    if teams:
        stages.append(sequence.teams_leave(fleet, [Housed(team, name) for name in names for team in teams]))
    if "" in directories:
        stages += (sequence.environment_leaves(fleet, name) for name in names)
    first, *rest = map(list, stages)
    yield from (*first, *(step for steps in rest for step in steps[1:]))


def _whole(known: Members, directories: Sequence[str]) -> tuple[Edits, tuple[str, ...]]:
    """Delete directories, and tell which of their files were made or changed by hand."""
    there = [directory for directory in directories if (known.fleet.root / directory).is_dir()]
    paths = leaving.committed(known.fleet.root, there)
    return dict.fromkeys(paths), _told(leaving.by_hand(known, paths))


def _told(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{path} was made or changed by hand; it stays in Git's history" for path in paths)


def _environments(known: Members, directory: str) -> list[str]:
    """What a layer says; without one, the overlays that are there."""
    if directory in known.layers:
        return fleets.names(known.layers[directory].recorded.answers.get(following.ANSWER))
    there = known.fleet.root / directory / "overlays"
    return [name for name in known.fleet.environments if (there / name).is_dir()]


def _within(known: Members, kind: str, name: str) -> list[str]:
    return [directory for directory in known.of_kind(kind) if name in _environments(known, directory)]


def _refuse_only(known: Members, name: str, directories: Iterable[str]) -> None:
    """A layer in no environment would be a riddle; whether it goes, too, is for a person to say."""
    for directory in directories:
        if _environments(known, directory) == [name]:
            answers = known.layers[directory].recorded.answers
            what = (
                f"app {answers['app']} --team {answers['team']}"
                if answers["kind"] == "app"
                else f"team {answers['team']}"
            )
            fact = f"{directory!r} is in no environment but {name!r}"
            raise ScaffoldError(f"{fact}; begin with 'gitops-scaffold remove {what}'")


def _repositories(known: Members, teams: Iterable[str]) -> list[str]:
    """Where the applications of some teams' layers stand."""
    return [str(known.layers[directory].recorded.answers.get("team_repository_url")) for directory in teams]


def _deployed(known: Members, apps: Mapping[str, tuple[str, str]], names: Sequence[str]) -> Iterator[Deployed]:
    """What applications, team and name by directory, deploy in some environments."""
    for directory, (team, app) in apps.items():
        kinds = sequence.kinds(known.fleet, directory)
        yield from (Deployed(team, app, name, kinds) for name in names)
