"""What layers record of their fleet's environments, brought after the fleet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffold import fleet as fleets
from scaffold.fleet import Fleet
from scaffold.growth.members import Members

_ANSWERS = "environments"


def after(fleet: Fleet, changed: Mapping[str, Any]) -> Fleet:
    """A fleet with some of its answers changed."""
    return Fleet(fleet.root, fleet.recorded._replace(answers={**fleet.answers, **changed}))


def followed(members: Members, changed: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Changed answers by layer, and with them what every other layer has to record of the environments.

    Of an environment a layer changes only what the fleet changes: what a layer says otherwise on purpose stays.
    """
    before, now = members.fleet, after(members.fleet, changed.get("", {}))
    result = {directory: dict(given) for directory, given in changed.items()}
    for directory, each in members.layers.items():
        recorded = each.recorded.answers.get(_ANSWERS)
        if directory and recorded is not None and _ANSWERS not in result.get(directory, {}):
            entries = _entries(before, now, recorded)
            if entries != fleets.entries(recorded):
                result.setdefault(directory, {})[_ANSWERS] = entries
    return result


def _entries(before: Fleet, now: Fleet, recorded: object) -> list[dict[str, Any]]:
    """The environments of a layer, in the order of the fleet."""
    own = {entry["name"]: entry for entry in fleets.entries(recorded)}
    known = {name: entry for name, entry in own.items() if name in now.environments}
    order = [*(name for name in now.environments if name in known), *(name for name in own if name not in known)]
    return [{**own[name], **_changes(before, now, own[name])} for name in order]


def _changes(before: Fleet, now: Fleet, entry: Mapping[str, Any]) -> dict[str, Any]:
    old, new = (each.environments.get(entry["name"], {}) for each in (before, now))
    return {key: new[key] for key in entry if key in new and old.get(key) != new[key]}
