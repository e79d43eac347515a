"""A new repository, a fleet's or a team's: its own layer, a layer for each cluster, and the first commit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scaffold import fleet as fleets
from scaffold import generate, git, staging
from scaffold.errors import AnswersError, ScaffoldError
from scaffold.fleet import Fleet
from scaffold.growth import cluster, layers
from scaffold.template import Template

_OF_TEAM = "team-repo"
_KINDS = {"fleet": "Write the fleet repository", _OF_TEAM: "Write the team's repository"}


def write(path: Path, source: Template, given: Mapping[str, Any], *, ask: bool, with_git: bool) -> list[str]:
    """Write the repository, whole or not at all, and return its files."""
    kind = given.get("kind", "fleet")
    if kind not in _KINDS:
        raise AnswersError(f"'new' writes repositories, not kind {kind!r}; use 'gitops-scaffold add' for that")
    with staging.directory(path) as directory, generate.generator(source) as made:
        staging.files(directory, made.render({**given, "kind": kind}, ask=ask))
        if kind == "fleet":
            written = fleets.find(directory)
            for layer, files in cluster.all_of(made, written).items():
                staging.files(directory / layer, files)
        return _finished(directory, _KINDS[kind], with_git=with_git)


def write_for_team(path: Path, fleet: Fleet, team: str, given: Mapping[str, Any], *, with_git: bool) -> list[str]:
    """Write the repository that a fleet registers for a team, from what the fleet records, and return its files."""
    if fleet.holds_applications:
        fact = f"the fleet {str(fleet.root)!r} holds its teams' applications itself"
        raise ScaffoldError(f"{fact}; its answer 'topology' has to be multi-repo for a team to have a repository")
    given = {name: answer for name, answer in given.items() if (name, answer) != ("kind", _OF_TEAM)}
    registered = fleet.team(team).answers
    own = {
        "team": team,
        "environments": _ordered(fleet, registered["environments"]),
        "repository_url": registered["team_repository_url"],
        "fleet_repository_url": registered["repository_url"],
    }
    if "team_branch" in registered:  # where environments have branches of their own, the fleet follows no other one
        own["branch"] = registered["team_branch"]
    with staging.directory(path) as directory, layers.generator(fleet.recorded) as made:
        inherited = {**fleet.inherited(), **registered}
        shared = {name: answer for name, answer in inherited.items() if name not in {*own, "branch"}}
        staging.files(directory, layers.rendered(made, shared, _OF_TEAM, own, given))
        return _finished(directory, _KINDS[_OF_TEAM], with_git=with_git)


def _ordered(fleet: Fleet, registered: Any) -> list[dict[str, Any]]:
    """A team's environments with their stages, which only whoever promotes has to know."""
    stages = {name: {"stage": each["stage"]} for name, each in fleet.environments.items()}
    return [{**stages.get(each["name"], {}), **each} for each in fleets.entries(registered)]


def _finished(directory: Path, message: str, *, with_git: bool) -> list[str]:
    paths = list(staging.tree(directory))
    if with_git:
        branch = str(fleets.find_any(directory).answers.get("branch", "main"))
        git.run(directory, "init", "--quiet", f"--initial-branch={branch}")
        git.run(directory, "add", "--all")
        git.commit(directory, message)
    return paths
