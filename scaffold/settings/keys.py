"""The keys of the settings file: what each may hold, in words for a message and as JSON Schema for editors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

ENGINES = ("argocd", "flux")
PROFILES = ("default", "strict", "security")
PARTS = ("team", "application", "environment")
LEVELS = ("off", "error", "warning", "info")
GATES = ("auto", "manual")
CONTROL_PLANES = ("hub", "per-cluster")


class Key(NamedTuple):
    """What is wrong with a value, empty where nothing is; the schema of right ones; and what the key is for."""

    problem: Callable[[Any], str]
    schema: Mapping[str, Any]
    about: str


Keys = Mapping[str, Key]


def _string(about: str) -> Key:
    def problem(value: Any) -> str:
        return "" if isinstance(value, str) else f"is {value!r}, no string; put it in quotes"

    return Key(problem, {"type": "string"}, about)


def _number(about: str) -> Key:
    def problem(value: Any) -> str:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return "" if whole else f"is {value!r}, no whole number"

    return Key(problem, {"type": "integer", "minimum": 0}, about)


def _one_of(choices: tuple[str, ...], about: str) -> Key:
    def problem(value: Any) -> str:
        return "" if value in choices else f"is {value!r}; choose from {', '.join(choices)}"

    return Key(problem, {"enum": list(choices)}, about)


def _list(items: Mapping[str, Any], about: str) -> Key:
    def problem(value: Any) -> str:
        return "" if isinstance(value, list) else "is no list; begin each entry with a dash"

    return Key(problem, {"type": "array", "items": items}, about)


def _mapping(schema: Mapping[str, Any], about: str) -> Key:
    def problem(value: Any) -> str:
        return "" if isinstance(value, Mapping) else "is no mapping; write keys and values"

    return Key(problem, {"type": "object", **schema}, about)


def schema_of(keys: Keys, required: tuple[str, ...] = ()) -> dict[str, Any]:
    """The JSON Schema of a mapping with these keys and no others."""
    properties = {name: {"description": key.about, **key.schema} for name, key in keys.items()}
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "additionalProperties": False, **needed, "properties": properties}


_TEXT = {"type": "string"}
# YAML reads a plain `off` as false, and nobody should have to know.
_RULES = {
    "propertyNames": {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
    "additionalProperties": {"enum": [*LEVELS, False]},
}
_RULES_ABOUT = "Rules by name: off, or the severity of what they find. `gitops-scaffold rules` lists them."
_LAYOUT_ABOUT = (
    "Where overlays stand, such as 'apps/{team}/{application}/overlays/{environment}': '*' is part of a name, '**/' "
    "any directories. The first that fits counts; the usual layouts where there are none."
)
_PATHS_ABOUT = "Patterns such as 'vendor/*', in which '*' reaches into directories below."

ENVIRONMENT_NEEDS = CLUSTER_NEEDS = ("name",)
IGNORE_NEEDS = ("paths", "reason")
OVERRIDE_NEEDS = ("paths", "rules")
PROMOTIONS_NEEDS = ("applications",)
ENVIRONMENT: Keys = {
    "name": _string("The environment's name, as directories and namespaces spell it."),
    "stage": _number("Its position in the promotion order, from 0; environments of one stage go together."),
    "cluster": _string("The name of the cluster that it is on."),
    "gate": _one_of(GATES, "Who deploys: the engine by itself, or a releaser."),
    "branch": _string("The branch that its applications are deployed from, where that is not the one of all others."),
}
CLUSTER: Keys = {
    "name": _string("The cluster's name."),
    "server": _string("The address of its API server, as Argo CD knows it."),
    "kubernetes": _string("Its minor version of Kubernetes, in quotes."),
    "labels": _mapping({"additionalProperties": _TEXT}, "The labels that generators select it by."),
}
IGNORE: Keys = {
    "paths": _list(_TEXT, _PATHS_ABOUT),
    "rules": _list(_TEXT, "The rules that are silent there; all where none is named."),
    "reason": _string("Why."),
    "until": _string("The last day, such as '2027-01-31'."),
}
OVERRIDE: Keys = {
    "paths": _list(_TEXT, _PATHS_ABOUT),
    "rules": _mapping(_RULES, _RULES_ABOUT),
}
PROMOTIONS: Keys = {
    "applications": _list(_TEXT, "Patterns such as 'checkout/*' of what this is about."),
    "leave": _list(_TEXT, "Patterns of images and charts whose versions belong to the environment."),
    "patches": _list(_TEXT, "Patches that are carried too, by the name of their file."),
    "soak": _number("Hours that a version has to be in an environment before it goes on."),
}
TOP: Keys = {
    "engine": _one_of(ENGINES, "The engine that deploys this repository."),
    "repository": _string("The address of this repository, as the engine's objects spell it."),
    "team": _string("The team whose own repository this is; not for a fleet."),
    "profile": _one_of(PROFILES, "How much is asked of the repository."),
    "kubernetes": _string("Minor version of Kubernetes where a cluster names none, in quotes."),
    "control_plane": _string("The name of the cluster that the engine runs on."),
    "control_planes": _one_of(CONTROL_PLANES, "Whether one Argo CD deploys to all clusters, or each cluster has one."),
    "environments": _list(schema_of(ENVIRONMENT, ENVIRONMENT_NEEDS), "Where applications run, in promotion order."),
    "clusters": _list(schema_of(CLUSTER, CLUSTER_NEEDS), "What environments are on."),
    "paths": _list(_TEXT, _LAYOUT_ABOUT),
    "rules": _mapping(_RULES, _RULES_ABOUT),
    "overrides": _list(schema_of(OVERRIDE, OVERRIDE_NEEDS), "Rules for some paths; the last that fits a path counts."),
    "promotions": _list(
        schema_of(PROMOTIONS, PROMOTIONS_NEEDS), "What `promote` carries; the last entry that fits counts."
    ),
    "ignore": _list(schema_of(IGNORE, IGNORE_NEEDS), "Paths that somebody else writes, with the reason."),
}
