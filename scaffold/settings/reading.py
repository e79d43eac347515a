"""Reads `.gitops-scaffold.yaml`, and says where it holds what nobody knows."""

from __future__ import annotations

import dataclasses
import datetime
import fnmatch
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scaffold import parse
from scaffold.errors import SettingsError
from scaffold.model import Cluster, Environment, Pointer
from scaffold.nearest import hint
from scaffold.settings import keys

NAME = ".gitops-scaffold.yaml"


@dataclass(frozen=True)
class PathIgnore:
    """Findings that are not reported below some paths, and why."""

    paths: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str
    until: datetime.date | None = None


@dataclass(frozen=True)
class Override:
    """What rules say below some paths; maps a rule to one of LEVELS."""

    paths: tuple[str, ...]
    rules: Mapping[str, str]


@dataclass(frozen=True)
class Promotions:
    """What is carried when some applications are promoted; `soak` is in hours."""

    applications: tuple[str, ...]
    leave: tuple[str, ...] = ()
    patches: tuple[str, ...] = ()
    soak: int = 0

    def leaves(self, name: str) -> bool:
        """Tell whether the version of an image or a chart belongs to the environment."""
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in self.leave)


@dataclass(frozen=True)
class Settings:
    """What `.gitops-scaffold.yaml` says, empty where there is none; `rules` maps a rule to one of LEVELS.

    `beside` are the settings of other repositories that are looked at together with this one, by their directories.
    """

    engine: str = ""
    repository: str = ""
    team: str = ""
    profile: str = "default"
    kubernetes: str = ""
    control_plane: str = ""
    control_planes: str = "hub"
    environments: tuple[Environment, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    paths: tuple[str, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    promotions: tuple[Promotions, ...] = ()
    ignore: tuple[PathIgnore, ...] = ()
    text: str = ""
    beside: tuple[tuple[str, Settings], ...] = ()

    @property
    def silences(self) -> tuple[PathIgnore, ...]:
        """Every entry of `ignore`, those of other repositories with their paths from here."""
        others = ((directory, entry) for directory, known in self.beside for entry in known.ignore)
        return (*self.ignore, *(dataclasses.replace(e, paths=_from_here(d, e.paths)) for d, e in others))

    @property
    def exceptions(self) -> tuple[Override, ...]:
        """Every entry of `overrides`, those of other repositories with their paths from here."""
        others = ((directory, entry) for directory, known in self.beside for entry in known.overrides)
        return (*self.overrides, *(dataclasses.replace(e, paths=_from_here(d, e.paths)) for d, e in others))


def _from_here(directory: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{directory}/{path}" for path in paths)


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
        values = self._keys(data, (), keys.TOP)
        return Settings(
            engine=values.get("engine", ""),
            repository=values.get("repository", ""),
            team=values.get("team", ""),
            profile=values.get("profile", "default"),
            kubernetes=values.get("kubernetes", ""),
            control_plane=values.get("control_plane", ""),
            control_planes=values.get("control_planes", "hub"),
            environments=tuple(self._environment(item, n) for n, item in enumerate(values.get("environments", []))),
            clusters=tuple(self._cluster(item, n) for n, item in enumerate(values.get("clusters", []))),
            paths=self._layouts(values),
            rules=self._levels(values.get("rules", {}), ("rules",)),
            overrides=tuple(self._override(item, n) for n, item in enumerate(values.get("overrides", []))),
            promotions=tuple(self._promotions(item, n) for n, item in enumerate(values.get("promotions", []))),
            ignore=tuple(self._ignore(item, n) for n, item in enumerate(values.get("ignore", []))),
            text=self._text,
        )

    def _environment(self, item: Any, index: int) -> Environment:
        values = self._keys(item, ("environments", index), keys.ENVIRONMENT, keys.ENVIRONMENT_NEEDS)
        stage, gate = values.get("stage", index), values.get("gate", "auto")
        return Environment(values["name"], stage, values.get("cluster", ""), gate, branch=values.get("branch", ""))

    def _cluster(self, item: Any, index: int) -> Cluster:
        values = self._keys(item, ("clusters", index), keys.CLUSTER, keys.CLUSTER_NEEDS)
        labels = {str(key): str(value) for key, value in values.get("labels", {}).items()}
        return Cluster(values["name"], values.get("server", ""), values.get("kubernetes", ""), labels)

    def _layouts(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        patterns = self._texts(values, "paths", ())
        for number, pattern in enumerate(patterns):
            named = re.findall(r"\{([^}]*)\}", pattern)
            for name in named:
                if name not in keys.PARTS:
                    raise self._error(("paths", number), f"part {name!r} is unknown; {hint(name, keys.PARTS)}")
            if len(named) > len(set(named)):
                raise self._error(("paths", number), f"{pattern!r} has a part twice; name each once")
        return patterns

    def _promotions(self, item: Any, index: int) -> Promotions:
        pointer: Pointer = ("promotions", index)
        values = self._keys(item, pointer, keys.PROMOTIONS, keys.PROMOTIONS_NEEDS)
        lists = {key: self._texts(values, key, pointer) for key in ("applications", "leave", "patches")}
        return Promotions(**lists, soak=values.get("soak", 0))

    def _ignore(self, item: Any, index: int) -> PathIgnore:
        pointer: Pointer = ("ignore", index)
        values = self._keys(item, pointer, keys.IGNORE, keys.IGNORE_NEEDS)
        until = values.get("until")
        try:
            date = datetime.date.fromisoformat(until) if until else None
        except ValueError as error:
            raise self._error((*pointer, "until"), f"{until!r} is no date; write one such as '2027-01-31'") from error
        paths, rules = self._texts(values, "paths", pointer), self._texts(values, "rules", pointer)
        return PathIgnore(paths, rules, values["reason"], date)

    def _override(self, item: Any, index: int) -> Override:
        pointer: Pointer = ("overrides", index)
        values = self._keys(item, pointer, keys.OVERRIDE, keys.OVERRIDE_NEEDS)
        levels = self._levels(values["rules"], (*pointer, "rules"))
        return Override(self._texts(values, "paths", pointer), levels)

    def _texts(self, values: Mapping[str, Any], key: str, pointer: Pointer) -> tuple[str, ...]:
        for number, item in enumerate(values.get(key, ())):
            if not isinstance(item, str):
                raise self._error((*pointer, key, number), f"{item!r} is no string; put it in quotes")
        return tuple(values.get(key, ()))

    def _levels(self, rules: Mapping[str, Any], pointer: Pointer) -> dict[str, str]:
        return {name: self._level((*pointer, name), level) for name, level in rules.items()}

    def _level(self, pointer: Pointer, level: Any) -> str:
        # YAML reads a plain `off` as false, and nobody should have to know.
        level = "off" if level is False else level
        if level not in keys.LEVELS:
            raise self._error(pointer, f"{level!r} is no level; choose from {', '.join(keys.LEVELS)}")
        return str(level)

    def _keys(self, data: Any, pointer: Pointer, known: keys.Keys, needs: tuple[str, ...] = ()) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            raise self._error(pointer, f"{_where(pointer)} is no mapping; write it as keys and values")
        for key, value in data.items():
            if key not in known:
                raise self._error((*pointer, key), f"key {key!r} is unknown; {hint(str(key), known)}", at_key=True)
            problem = known[key].problem(value)
            if problem:
                raise self._error((*pointer, key), f"{key} {problem}")
        for key in needs:
            if not data.get(key):
                raise self._error(pointer, f"{_where(pointer)} has no {key!r}; add it")
        return dict(data)

    def _error(self, pointer: Pointer, message: str, *, at_key: bool = False) -> SettingsError:
        line, column = parse.locate(self._text, 0, pointer, at_key=at_key)
        return SettingsError(f"{NAME}:{line}:{column}: {message}")


def _where(pointer: Pointer) -> str:
    return "the file" if not pointer else ".".join(str(part) for part in pointer)
