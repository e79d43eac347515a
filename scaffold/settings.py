"""The settings file `.gitops-scaffold.yaml`: the conventions that a repository is held to, as data."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scaffold import parse
from scaffold.errors import SettingsError
from scaffold.model import Cluster, Environment, Pointer

NAME = ".gitops-scaffold.yaml"
ENGINES = ("argocd", "flux")
PROFILES = ("default", "strict", "security")
LEVELS = ("off", "error", "warning", "info")
GATES = ("auto", "manual")


@dataclass(frozen=True)
class PathIgnore:
    """Findings that are not reported below some paths, and why."""

    paths: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str
    until: datetime.date | None = None


@dataclass(frozen=True)
class Settings:
    """What `.gitops-scaffold.yaml` says, empty where there is none; `rules` maps a rule to one of LEVELS."""

    engine: str = ""
    repository: str = ""
    profile: str = "default"
    kubernetes: str = ""
    control_plane: str = ""
    environments: tuple[Environment, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[PathIgnore, ...] = ()
    text: str = ""


def read(root: Path) -> Settings:
    """The settings of a repository; raises SettingsError with the place of what is unknown or of the wrong type."""
    path = root / NAME
    if not path.is_file():
        return Settings()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{NAME}: cannot be read, {error}; mend it or remove it") from error
    documents = parse.documents(text, NAME)
    data = documents[0] if documents else None
    return _Reader(text).settings(data)


class _Reader:
    """Turns the parsed document into Settings, and knows where each value stands."""

    def __init__(self, text: str) -> None:
        self._text = text

    def settings(self, data: Any) -> Settings:
        if data is None:
            return Settings(text=self._text)
        values = self._keys(data, (), _TOP)
        rules = values.get("rules", {})
        return Settings(
            engine=values.get("engine", ""),
            repository=values.get("repository", ""),
            profile=values.get("profile", "default"),
            kubernetes=values.get("kubernetes", ""),
            control_plane=values.get("control_plane", ""),
            environments=tuple(self._environment(item, n) for n, item in enumerate(values.get("environments", []))),
            clusters=tuple(self._cluster(item, n) for n, item in enumerate(values.get("clusters", []))),
            rules={name: self._level(name, level) for name, level in rules.items()},
            ignore=tuple(self._ignore(item, n) for n, item in enumerate(values.get("ignore", []))),
            text=self._text,
        )

    def _environment(self, item: Any, index: int) -> Environment:
        values = self._keys(item, ("environments", index), _ENVIRONMENT)
        self._required(values, "name", ("environments", index))
        stage = values.get("stage", index)
        return Environment(values["name"], stage, values.get("cluster", ""), values.get("gate", "auto"))

    def _cluster(self, item: Any, index: int) -> Cluster:
        values = self._keys(item, ("clusters", index), _CLUSTER)
        self._required(values, "name", ("clusters", index))
        labels = {str(key): str(value) for key, value in values.get("labels", {}).items()}
        return Cluster(values["name"], values.get("server", ""), values.get("kubernetes", ""), labels)

    def _ignore(self, item: Any, index: int) -> PathIgnore:
        pointer: Pointer = ("ignore", index)
        values = self._keys(item, pointer, _IGNORE)
        for key in ("paths", "reason"):
            self._required(values, key, pointer)
        until = values.get("until")
        try:
            date = datetime.date.fromisoformat(until) if until else None
        except ValueError as error:
            raise self._error((*pointer, "until"), f"{until!r} is no date; write one such as '2027-01-31'") from error
        return PathIgnore(tuple(values["paths"]), tuple(values.get("rules", ())), values["reason"], date)

    def _level(self, name: str, level: Any) -> str:
        # YAML reads a plain `off` as false, and nobody should have to know.
        level = "off" if level is False else level
        if level not in LEVELS:
            raise self._error(("rules", name), f"{level!r} is no level; choose from {', '.join(LEVELS)}")
        return str(level)

    def _keys(self, data: Any, pointer: Pointer, known: Mapping[str, _Check]) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            raise self._error(pointer, f"{_where(pointer)} is no mapping; write it as keys and values")
        for key, value in data.items():
            if key not in known:
                near = difflib.get_close_matches(str(key), known, 1)
                remedy = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
                raise self._error((*pointer, key), f"key {key!r} is unknown; {remedy}", at_key=True)
            problem = known[key](value)
            if problem:
                raise self._error((*pointer, key), f"{key} {problem}")
        return dict(data)

    def _required(self, values: Mapping[str, Any], key: str, pointer: Pointer) -> None:
        if not values.get(key):
            raise self._error(pointer, f"{_where(pointer)} has no {key!r}; add it")

    def _error(self, pointer: Pointer, message: str, *, at_key: bool = False) -> SettingsError:
        line, column = parse.locate(self._text, 0, pointer, at_key=at_key)
        return SettingsError(f"{NAME}:{line}:{column}: {message}")


def _where(pointer: Pointer) -> str:
    return "the file" if not pointer else ".".join(str(part) for part in pointer)


_Check = Callable[[Any], str]


def _string(value: Any) -> str:
    return "" if isinstance(value, str) else f"is {value!r}, no string; put it in quotes"


def _list(value: Any) -> str:
    return "" if isinstance(value, list) else "is no list; begin each entry with a dash"


def _mapping(value: Any) -> str:
    return "" if isinstance(value, Mapping) else "is no mapping; write keys and values"


def _number(value: Any) -> str:
    return "" if isinstance(value, int) and not isinstance(value, bool) else f"is {value!r}, no whole number"


def _one_of(*choices: str) -> _Check:
    return lambda value: "" if value in choices else f"is {value!r}; choose from {', '.join(choices)}"


_TOP: dict[str, _Check] = {
    "engine": _one_of(*ENGINES),
    "repository": _string,
    "profile": _one_of(*PROFILES),
    "kubernetes": _string,
    "control_plane": _string,
    "environments": _list,
    "clusters": _list,
    "rules": _mapping,
    "ignore": _list,
}
_ENVIRONMENT: dict[str, _Check] = {"name": _string, "stage": _number, "cluster": _string, "gate": _one_of(*GATES)}
_CLUSTER: dict[str, _Check] = {"name": _string, "server": _string, "kubernetes": _string, "labels": _mapping}
_IGNORE: dict[str, _Check] = {"paths": _list, "rules": _list, "reason": _string, "until": _string}
