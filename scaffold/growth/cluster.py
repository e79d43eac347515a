"""A new cluster: its layer, and the fleet's answer that names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold.errors import ScaffoldError
from scaffold.fleet import Fleet
from scaffold.generate import Generator
from scaffold.growth import layers, members, rewrite
from scaffold.growth.plan import Plan
from scaffold.staging import Content


def plan(fleet: Fleet, name: str, given: Mapping[str, Any]) -> Plan:
    """What adding a cluster writes; no environment is on it yet."""
    if name in fleet.clusters:
        raise ScaffoldError(f"cluster {name!r} is there already; choose another name")
    layers.refuse_changed(fleet.root, layers.answers_file())
    with layers.generator(fleet.recorded) as made:
        files = layers.render(made, fleet, "cluster", {"cluster": name, "environments": []}, given)
    settled = layers.recorded(files).answers
    entry = {"name": name, "server": settled["server"], "kubernetes": settled["kubernetes_version"]}
    others = list(fleet.clusters.values())[1:]  # the control plane's is in the list by itself
    changed = {"": {"clusters": [*others, entry]}}
    return Plan({f"clusters/{name}": files}, rewrite.changes(members.find(fleet.root), changed))


def all_of(made: Generator, fleet: Fleet) -> dict[str, dict[str, Content]]:
    """The layers of all clusters that a new fleet's answers name, by directory."""
    return {f"clusters/{name}": _named(made, fleet, name) for name in fleet.clusters}


def _named(made: Generator, fleet: Fleet, name: str) -> dict[str, Content]:
    entry = fleet.clusters[name]
    on_it = [environment["name"] for environment in fleet.environments.values() if environment["cluster"] == name]
    own = {"cluster": name, "environments": on_it, "kubernetes_version": entry["kubernetes"]}
    return layers.render(made, fleet, "cluster", own | ({"server": entry["server"]} if "server" in entry else {}), {})
