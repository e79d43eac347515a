"""Other names: what calling an application, a team, an environment or a cluster otherwise writes, and what follows.

For the engines a name is an identity: under another one, namespaces and what deploys are made anew, and the old go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scaffold import fleet as fleets
from scaffold import nearest, staging, update
from scaffold.errors import ScaffoldError
from scaffold.fleet import Fleet
from scaffold.growth import app as apps
from scaffold.growth import following, leaving, members, owners, rewrite, sequence
from scaffold.growth import team as teams
from scaffold.growth.leaving import Edits
from scaffold.growth.members import Members
from scaffold.growth.plan import Plan
from scaffold.growth.sequence import Deployed, Housed
from scaffold.update import Outcome, Request

_ANSWER = following.ANSWER


@dataclass(frozen=True)
class _Renaming:
    """A name and what it becomes: answers that change with it, by layer, and directories that move."""

    old: str
    new: str
    changed: Mapping[str, Mapping[str, Any]]
    directories: Mapping[str, str] = field(default_factory=dict)


def app(fleet: Fleet, team: str, old: str, new: str, jobs: int = 1) -> Plan:
    """What another name of an application writes."""
    fleet.team(team)
    apps.refuse_elsewhere(fleet, team)
    there = fleet.applications(team)
    _refuse_unknown("application", old, there)
    known, directory = members.find(fleet.root), f"{fleet.home(team)}/{old}"
    if directory not in known.layers:
        raise ScaffoldError(f"{directory!r} was not generated, so nothing of it follows; move it with 'git mv'")
    names = fleets.names(known.layers[directory].recorded.answers[_ANSWER])
    apps.refuse_collision(fleet, team, new, names, [other for other in there if other != old or new == old])
    renaming = _Renaming(old, new, {directory: {"app": new}}, {directory: f"{fleet.home(team)}/{new}"})
    going = [Deployed(team, old, name, sequence.kinds(fleet, directory)) for name in names]
    return _plan(known, renaming, [f"{team}-{new}-{name}" for name in names], going, [], jobs)


def team(fleet: Fleet, old: str, new: str, jobs: int = 1) -> Plan:
    """What another name of a team writes: its layer, all of its applications, its lines in CODEOWNERS."""
    names = fleets.names(fleet.team(old).answers[_ANSWER])
    teams.refuse_collision(new, [other for other in fleet.teams if other != old or new == old])
    known = members.find(fleet.root)
    changed = {
        each: {"team": new} for kind in ("team", "app") for each, a in known.of_kind(kind).items() if a["team"] == old
    }
    directories = {f"{parent}/{old}": f"{parent}/{new}" for parent in ("teams", "apps")}
    lines = owners.of_team(fleet, old)
    owned, left = owners.edits(fleet, lines, [_of_other_team(line, old, new) for line in lines])
    going = list(_deployed(known, [each for each in changed if each in known.of_kind("app")]))
    housed = [Housed(old, name) for name in names]
    plan = _plan(
        known, _Renaming(old, new, changed, directories), [f"{new}-{name}" for name in names], going, housed, jobs
    )
    elsewhere = known.layers[f"teams/{old}"].recorded.answers.get("team_repository_url")
    there = (
        () if fleet.holds_applications else (f"{elsewhere} is another repository; write it anew by 'new --team {new}'",)
    )
    notes = (*plan.notes, *left, *_kept(known, changed, old), *there)
    return replace(plan, edits={**plan.edits, **owned}, notes=notes)


def environment(fleet: Fleet, old: str, new: str, jobs: int = 1) -> Plan:
    """What another name of an environment writes, in every layer that is in it."""
    _refuse_unknown("environment", old, fleet.environments)
    _refuse_known("environment", new, fleet.environments)
    known = members.find(fleet.root)
    changed = dict(_in_environments(known, old, new))
    having = [each for each in changed if each in known.of_kind("app")]
    housed = [Housed(a["team"], old) for each, a in known.of_kind("team").items() if each in changed]
    going = [item for item in _deployed(known, having) if item.environment == old]
    plan = _plan(known, _Renaming(old, new, changed), [f"{item.team}-{new}" for item in housed], going, housed, jobs)
    owned, left = owners.followed(known, following.after(fleet, changed[""]), plan.edits)
    return replace(plan, edits={**plan.edits, **owned}, notes=(*plan.notes, *left))


def cluster(fleet: Fleet, old: str, new: str, jobs: int = 1) -> Plan:
    """What another name of a cluster writes; it is the same cluster, so nothing that runs there is made anew."""
    _refuse_unknown("cluster", old, fleet.clusters)
    _refuse_known("cluster", new, fleet.clusters)
    known = members.find(fleet.root)
    renaming = _Renaming(old, new, dict(_on_cluster(known, old, new)), {f"clusters/{old}": f"clusters/{new}"})
    edits, moved = _edits(known, renaming, jobs)
    return Plan({}, edits, moved=moved, steps=tuple(sequence.cluster_renamed(fleet, old, new)))


def _refuse_unknown(what: str, name: str, among: Iterable[str]) -> None:
    if name not in among:
        raise ScaffoldError(f"{what} {name!r} is unknown; {nearest.hint(name, among)}")


def _refuse_known(what: str, name: str, among: Iterable[str]) -> None:
    if name in among:
        raise ScaffoldError(f"{what} {name!r} is there already; choose another name")


def _in_environments(known: Members, old: str, new: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The answers of every layer that names an environment; the fleet's are written out, gates and all."""
    for directory, each in known.layers.items():
        recorded = each.recorded.answers.get(_ANSWER)
        entries = fleets.entries(recorded) if directory else list(known.fleet.environments.values())
        if any(entry["name"] == old for entry in entries):
            full = entries if directory else following.entries(known.fleet, "fleet", entries)
            named = [{**entry, "name": new if entry["name"] == old else entry["name"]} for entry in full]
            yield directory, {_ANSWER: fleets.written(named)}


def _on_cluster(known: Members, old: str, new: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for directory, each in known.layers.items():
        answers = each.recorded.answers
        changed: dict[str, Any] = {
            name: new for name in ("cluster", "control_plane_cluster") if answers.get(name) == old
        }
        if any(entry.get("cluster") == old for entry in fleets.entries(answers.get(_ANSWER))):
            entries = fleets.entries(answers[_ANSWER])
            changed[_ANSWER] = [
                {**each, **({"cluster": new} if each.get("cluster") == old else {})} for each in entries
            ]
        if old in fleets.names(answers.get("clusters")):
            entries = fleets.entries(answers["clusters"])
            named = [{**each, "name": new if each["name"] == old else each["name"]} for each in entries]
            changed["clusters"] = fleets.written(named)
        if changed:
            yield directory, changed


def _plan(
    known: Members, renaming: _Renaming, made: Iterable[str], going: list[Deployed], housed: list[Housed], jobs: int
) -> Plan:
    edits, moved = _edits(known, renaming, jobs)
    return Plan({}, edits, moved=moved, steps=tuple(sequence.renamed(known.fleet, list(made), going, housed)))


def _edits(known: Members, renaming: _Renaming, jobs: int) -> tuple[Edits, tuple[tuple[str, str], ...]]:
    """Layers by their new answers, then the directories moved with all that is in them, which has to be committed."""
    root = known.fleet.root
    for target in renaming.directories.values():
        staging.refuse_occupied(root / target)
    paths = leaving.committed(root, [directory for directory in renaming.directories if (root / directory).is_dir()])
    result = _rewritten(known, renaming, jobs)
    edits = known.relative(result.edits)
    inner = {known.within(source): known.within(target) for source, target in result.moved}
    for path in sorted({*paths, *edits}):
        target = _elsewhere(path, renaming.directories)
        if target == path:
            continue
        content = edits.pop(path) if path in edits else staging.read(root / path)
        if path in paths:
            edits[path] = None
        if content is not None:
            edits[target] = content
    moved = {path: _elsewhere(inner.get(path, path), renaming.directories) for path in (*paths, *inner)}
    return edits, tuple(pair for pair in moved.items() if edits.get(pair[1]) is not None)


def _rewritten(known: Members, renaming: _Renaming, jobs: int) -> Outcome:
    wanted, names = known.changed(renaming.changed), (renaming.old, renaming.new)
    result = update.plan(Request((known.fleet.root,), jobs=jobs, changed=wanted, stay=True, renamed=names))
    for conflict in result.conflicts:
        raise ScaffoldError(rewrite.contradiction(conflict))
    return result


def _elsewhere(path: str, directories: Mapping[str, str]) -> str:
    for source, target in directories.items():
        if path.startswith(f"{source}/"):
            return target + path.removeprefix(source)
    return path


def _deployed(known: Members, directories: Iterable[str]) -> Iterator[Deployed]:
    for directory in directories:
        answers = known.layers[directory].recorded.answers
        kinds = sequence.kinds(known.fleet, directory)
        for name in fleets.names(answers[_ANSWER]):
            yield Deployed(answers["team"], answers["app"], name, kinds)


def _of_other_team(line: str, old: str, new: str) -> str:
    return line.replace(f"/apps/{old}/", f"/apps/{new}/").replace(f"/teams/{old}/", f"/teams/{new}/")


def _kept(known: Members, directories: Iterable[str], old: str) -> Iterator[str]:
    """Answers that speak of the old name and that others decide: groups, images, channels."""
    word = re.compile(rf"(?<![A-Za-z0-9]){re.escape(old)}(?![A-Za-z0-9])")
    found = {
        name
        for directory in directories
        for name, value in known.layers[directory].recorded.answers.items()
        if name != "team" and isinstance(value, str) and word.search(value)
    }
    if found:
        yield f"answers that still say {old!r}: {', '.join(sorted(found))}; 'gitops-scaffold set' changes them"
