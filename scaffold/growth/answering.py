"""Answers changed in every layer that records them, so that layers never disagree."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold import fleet as fleets
from scaffold import generate, nearest, template, update
from scaffold.errors import AnswersError
from scaffold.fleet import Fleet
from scaffold.generate import Generator
from scaffold.growth import following, members
from scaffold.growth.members import Members
from scaffold.update import Outcome, Request
from scaffold.update.layers import Layer

_RENAMED = "'gitops-scaffold rename {}' changes it"
_ELSEWHERE = {
    "kind": "it decides what a layer is; write another layer with 'gitops-scaffold add'",
    "engine": "it decides what every file says; write a fleet for the other engine, and 'adopt' the applications",
    "topology": "it decides where teams live; write another fleet with 'gitops-scaffold new'",
    "team": _RENAMED.format("team"),
    "app": _RENAMED.format("app"),
    "cluster": _RENAMED.format("cluster"),
    "control_plane_cluster": _RENAMED.format("cluster"),
    "control_planes": (
        "it decides which Argo CD has what runs, and the old one deletes what it has no more; to lose nothing, follow"
        " docs/control-planes.md, which a fleet of several clusters has"
    ),
    "environments": "'gitops-scaffold add environment', 'remove environment' and 'rename environment' change it",
    "clusters": "'gitops-scaffold add cluster', 'remove cluster' and 'rename cluster' change it",
}
_OF_A_CLUSTER = frozenset(("kubernetes_version", "server"))


@dataclass(frozen=True)
class Wanted:
    """Answers to change: everywhere, in some layers, by directory relative to the fleet, or of one cluster."""

    answers: Mapping[str, Any]
    layers: tuple[str, ...] = ()
    cluster: str = ""


def plan(repository: Path, wanted: Wanted, jobs: int) -> Outcome:
    """What changing answers would write.

    Raises AnswersError for an answer that no layer takes, one that is changed in another way, and one in some layers
    that the fleet decides.
    """
    known = members.find(repository)
    for name in wanted.answers:
        if not (known.fleet.owner and name == following.ANSWER):
            _refuse_other_ways(name, wanted.cluster)
    if wanted.cluster:
        changed = _of_cluster(known, wanted.cluster, wanted.answers)
    else:
        changed = _wherever(known, _chosen(known, wanted), wanted.answers)
    followed = known.changed(following.followed(known, changed))
    return update.plan(Request((known.fleet.root,), jobs=jobs, changed=followed, stay=True))


def _refuse_other_ways(name: str, cluster: str) -> None:
    if name in _ELSEWHERE:
        raise AnswersError(f"{name!r} is no answer to set; {_ELSEWHERE[name]}")
    if name == "server" and not cluster:
        raise AnswersError("'server' is another one for each cluster; name one with --cluster")
    if cluster and name not in _OF_A_CLUSTER:
        fact = f"{name!r} is not for one cluster to decide"
        raise AnswersError(f"{fact}; leave --cluster out, or set {' or '.join(sorted(_OF_A_CLUSTER))}")


def _chosen(known: Members, wanted: Wanted) -> dict[str, Layer]:
    for directory in wanted.layers:
        if directory not in known.layers:
            fact = f"{directory!r} is no layer of the fleet"
            raise AnswersError(f"{fact}; {nearest.hint(directory, known.layers)}")
    shared = [name for name in wanted.answers if wanted.layers and name in known.fleet.answers]
    if shared:
        raise AnswersError(f"{shared[0]!r} is the fleet's to decide, so layers may not disagree; leave --layer out")
    return {name: each for name, each in known.layers.items() if not wanted.layers or name in wanted.layers}


def _wherever(known: Members, among: Mapping[str, Layer], given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    recorded = functools.cache(template.recorded)
    sources = {name: recorded(*each.recorded[:2]) for name, each in among.items()}
    with generate.generators(sources.values()) as made:
        taken = {name: _taken(name, each, made[sources[name]], given) for name, each in among.items()}
        questions = {name for each in made.values() for name, asked in each.questions.items() if not asked.hidden}
    for name in given:
        if not any(name in answers for answers in taken.values()):
            raise AnswersError(f"no layer takes an answer {name!r}; {_remedy(name, questions)}")
    changed = {name: _differing(among[name], answers) for name, answers in taken.items()}
    if "kubernetes_version" in given and "" in changed:
        changed[""]["clusters"] = _upgraded(known.fleet, given["kubernetes_version"])
    return changed


def _taken(directory: str, each: Layer, made: Generator, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that a layer records, or that it is asked once the others have changed.

    Environments are set in a team's repository only, for its own layer: applications are in some of them.
    """
    recorded = each.recorded.answers
    asked = made.asked({**recorded, **given})
    taken = {name: value for name, value in given.items() if name in recorded or name in asked}
    return {name: value for name, value in taken.items() if name != following.ANSWER or not directory}


def _differing(each: Layer, given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if each.recorded.answers.get(name) != value}


def _remedy(name: str, questions: Collection[str]) -> str:
    if name in questions:
        return "other answers hide its question; set them together"
    return nearest.hint(name, set(questions) - _ELSEWHERE.keys())


def _upgraded(fleet: Fleet, version: str) -> list[dict[str, Any]]:
    """The fleet's clusters, with another version wherever they name one."""
    entries = fleets.entries(fleet.answers.get("clusters"))
    return [{**entry, **({"kubernetes": version} if "kubernetes" in entry else {})} for entry in entries]


def _of_cluster(known: Members, name: str, given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The answers of a cluster's layer, and what the fleet and its teams say of it."""
    fleet = known.fleet
    if name not in fleet.clusters:
        raise AnswersError(f"cluster {name!r} is unknown; {nearest.hint(name, fleet.clusters)}")
    clusters = known.of_kind("cluster").items()
    changed = {directory: dict(given) for directory, answers in clusters if answers["cluster"] == name}
    if name != next(iter(fleet.clusters)):
        return {**changed, "": {"clusters": _described(fleet, name, given)}}
    version = {key: value for key, value in given.items() if key == "kubernetes_version"}
    teams = dict.fromkeys(known.of_kind("team"), version)
    return {**changed, **teams, "": {**version, "clusters": _described(fleet, name, {})}} if version else changed


def _described(fleet: Fleet, name: str, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The clusters beside the control plane's, written out: what one says by default follows the control plane's."""
    keys = {"kubernetes_version": "kubernetes", "server": "server"}
    said = {keys[question]: value for question, value in given.items()}
    return [{**entry, **(said if other == name else {})} for other, entry in list(fleet.clusters.items())[1:]]
