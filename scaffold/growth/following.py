"""What layers record of their fleet's environments, brought after the fleet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scaffold import fleet as fleets
from scaffold.fleet import Fleet
from scaffold.growth.members import Members

ANSWER = "environments"
# An application of Flux brings its own object that deploys it, and so has to know the gates.
_KEYS = {
    ("fleet", "argocd"): ("name", "stage", "cluster", "gate"),
    ("fleet", "flux"): ("name", "stage", "cluster", "gate"),
    ("team", "argocd"): ("name", "cluster", "gate", "kubernetes_version"),
    ("team", "flux"): ("name", "cluster", "gate", "kubernetes_version"),
    ("team-repo", "argocd"): ("name", "stage", "cluster", "gate", "kubernetes_version"),
    ("team-repo", "flux"): ("name", "stage", "cluster", "gate", "kubernetes_version"),
    ("app", "argocd"): ("name",),
    ("app", "flux"): ("name", "stage", "gate"),
    ("cluster", "argocd"): ("name",),
    ("cluster", "flux"): ("name",),
}


def entries(fleet: Fleet, kind: str, environments: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a new layer of some kind records of environments."""
    keys = _KEYS[kind, fleet.answers["engine"]]
    return [{key: entry[key] for key in keys} for entry in environments]


def after(fleet: Fleet, changed: Mapping[str, Any]) -> Fleet:
    """A fleet with some of its answers changed."""
    return Fleet(fleet.root, fleet.recorded._replace(answers={**fleet.answers, **changed}))


def joined(now: Fleet, answers: Mapping[str, Any], name: str) -> list[Any]:
    """The environments of a layer with another one, in the order of the fleet and as the layer says the others."""
    own = fleets.entries(answers[ANSWER])
    (new,) = entries(now, answers["kind"], [now.environments[name]])
    keys = own[0].keys() if own else new.keys()
    return _in_order(now, [*own, {key: now.environments[name][key] for key in now.environments[name] if key in keys}])


def followed(known: Members, changed: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Changed answers by layer, and with them what every layer has to record of the environments.

    Of an environment a layer changes only what the fleet changes: what a layer says otherwise on purpose stays.
    """
    before, now = known.fleet, after(known.fleet, changed.get("", {}))
    result = {directory: dict(given) for directory, given in changed.items()}
    for directory, each in known.layers.items():
        own = result.get(directory, {}).get(ANSWER, each.recorded.answers.get(ANSWER))
        if directory and own is not None:
            found = fleets.entries(own)
            moved = _in_order(now, [{**entry, **_changes(before, now, entry)} for entry in found])
            if moved != fleets.written(found):
                result.setdefault(directory, {})[ANSWER] = moved
    return result


def _in_order(fleet: Fleet, found: list[dict[str, Any]]) -> list[Any]:
    order = list(fleet.environments)
    return fleets.written(sorted(found, key=lambda entry: order.index(entry["name"]) if entry["name"] in order else -1))


def _changes(before: Fleet, now: Fleet, entry: Mapping[str, Any]) -> dict[str, Any]:
    old, new = (each.environments.get(entry["name"], {}) for each in (before, now))
    return {key: new[key] for key in entry if key in new and old.get(key) != new[key]}
