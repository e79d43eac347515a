"""A new environment: the answers of the fleet, and of the cluster that it is on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scaffold import answers, nearest
from scaffold import fleet as fleets
from scaffold.errors import ScaffoldError
from scaffold.fleet import Fleet
from scaffold.growth import layers, rewrite
from scaffold.growth.plan import Plan
from scaffold.staging import Content


@dataclass(frozen=True)
class Wanted:
    """An environment as asked for: `after` another, or `beside` it in the same stage; else the last one."""

    name: str
    cluster: str = ""
    gate: str = ""
    after: str = ""
    beside: str = ""


def plan(fleet: Fleet, wanted: Wanted) -> Plan:
    """What adding an environment writes; teams and applications get it by their own answers."""
    if wanted.name in fleet.environments:
        raise ScaffoldError(f"environment {wanted.name!r} is there already; choose another name")
    cluster = wanted.cluster or next(iter(fleet.clusters))
    if cluster not in fleet.clusters:
        raise ScaffoldError(f"cluster {cluster!r} is unknown; {nearest.hint(cluster, fleet.clusters)}")
    layers.refuse_changed(fleet.root, layers.answers_file())
    edits = rewrite.changes(fleet.root, "", {"environments": _recorded(_placed(fleet, wanted, cluster))})
    return Plan({}, {**edits, **_hosted(fleet, f"clusters/{cluster}", wanted.name)}, (_note(fleet, wanted.name),))


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


def _recorded(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: entry[key] for key in ("name", "stage", "cluster", "gate")} for entry in entries]


def _hosted(fleet: Fleet, layer: str, name: str) -> dict[str, Content | None]:
    if not (fleet.root / layer / answers.NAME).is_file():
        return {}
    on_it = fleets.names(answers.read(fleet.root / layer).answers.get("environments"))
    return rewrite.changes(fleet.root, layer, {"environments": [*on_it, name]})


def _note(fleet: Fleet, name: str) -> str:
    if not fleet.teams:
        return f"a team that is added from now on gets {name!r} too"
    return f"teams get {name!r} when their answer 'environments' names it: copier update teams/{fleet.teams[0]}"
