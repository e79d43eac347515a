"""The bundled schemas: which kinds there are, in which version, and the text of each with all that it refers to."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from scaffold.errors import ScaffoldError
from scaffold.model import group_of

DATA = Path(__file__).parent / "data"
_NUMBER = re.compile(r"v?(\d+)\.(\d+)(?:[.+-].*)?")
_REFERENCE = re.compile(r'"\$ref": ?"#/\$defs/([^"]+)"')


class VersionError(ScaffoldError):
    """A text is no Kubernetes version."""


@functools.cache
def index() -> dict[str, Any]:
    """What is bundled: `versions`, `core` (kind → scope and definition by version), `custom`."""
    loaded: dict[str, Any] = json.loads((DATA / "index.json").read_text(encoding="utf-8"))
    return loaded


def number(version: str) -> tuple[int, int]:
    """Read major and minor from a text such as `v1.31.4-gke.100`."""
    match = _NUMBER.fullmatch(version.strip())
    if not match:
        raise VersionError(f"{version!r} is no Kubernetes version; write it like 1.37")
    return int(match[1]), int(match[2])


@functools.cache
def nearest(version: str) -> str:
    """Name the bundled minor that stands for a version: itself, else the newest that is older, else the oldest."""
    known: list[str] = index()["versions"]
    if not version:
        return known[-1]
    wanted = number(version)
    older = [minor for minor in known if number(minor) <= wanted]
    return older[-1] if older else known[0]


@functools.cache
def _definitions(package: str) -> dict[str, str]:
    """Read a data file; it is JSON with one definition a line, so that it can be split without being parsed."""
    lines = (DATA / f"{package}.json").read_text(encoding="utf-8").splitlines()[1:-1]
    pairs = (line.rstrip(",").split(": ", 1) for line in lines)
    return {name.strip('"'): text for name, text in pairs}


class Schema(NamedTuple):
    """A schema as JSON text, complete in itself, with the scope of its kind."""

    text: str
    scope: str | None


class Removal(NamedTuple):
    """When Kubernetes stopped serving an API version, and what serves the kind since (empty: nothing)."""

    version: str
    replacement: str


def versions() -> tuple[str, ...]:
    """List the bundled Kubernetes minors, oldest first."""
    return tuple(index()["versions"])


def bundle(schema: Mapping[str, Any], scope: str | None) -> Schema:
    """Complete a converted schema with the definitions of metadata that it refers to."""
    return Schema(_assembled(json.dumps(schema), _definitions("metadata")), scope)


@functools.cache
def find(api_version: str, kind: str, minor: str) -> Schema | None:
    """The schema of a kind at a bundled minor, or None where it is not known."""
    key = f"{api_version} {kind}"
    if entry := index()["core"].get(key):
        package, name = "kubernetes", entry["at"].get(minor)
    elif entry := index()["custom"].get(key):
        package, name = entry["package"], entry["definition"]
    else:
        return None
    if name is None:
        return None
    known = _definitions(package)
    return Schema(_assembled(known[name], known | _definitions("metadata")), entry["scope"])


def _assembled(schema: str, known: Mapping[str, str]) -> str:
    found: dict[str, str] = {}
    ahead = _REFERENCE.findall(schema)
    while ahead:
        name = ahead.pop()
        if name not in found:
            found[name] = known[name]
            ahead += _REFERENCE.findall(found[name])
    shared = ",".join(f'"{name}":{found[name]}' for name in sorted(found))
    return f'{{"$defs":{{{shared}}},{schema[1:]}'


def scope(api_version: str, kind: str) -> str | None:
    """Tell the scope of a bundled kind."""
    key = f"{api_version} {kind}"
    entry = index()["core"].get(key) or index()["custom"].get(key) or {}
    found: str | None = entry.get("scope")
    return found


def known_elsewhere(api_version: str, kind: str) -> tuple[str, ...]:
    """List the bundled Kubernetes minors that serve a core kind in this API version, oldest first."""
    entry = index()["core"].get(f"{api_version} {kind}", {"at": {}})
    return tuple(sorted(entry["at"], key=number))


def api_versions(group: str, kind: str, version: str = "") -> tuple[str, ...]:
    """List the API versions in which a kind of a group is known (core kinds: at a Kubernetes version)."""
    minor = nearest(version)
    core = {key for key, entry in index()["core"].items() if minor in entry["at"]}
    split = (key.split(" ") for key in (*core, *index()["custom"]))
    return tuple(sorted(name for name, known in split if known == kind and group_of(name) == group))


@functools.cache
def groups(kind: str) -> tuple[str, ...]:
    """List the API groups that have a bundled kind of this name; those of operators where no others have it."""
    split = (key.split(" ") for key in (*index()["core"], *index()["custom"]))
    found = sorted({group_of(name) for name, known in split if known == kind})
    return tuple([group for group in found if not is_partial(group)] or found)


@functools.cache
def kinds_of(group: str) -> tuple[str, ...]:
    """List the bundled kinds of an API group, whatever their version."""
    split = (key.split(" ") for key in (*index()["core"], *index()["custom"]))
    return tuple(sorted({kind for name, kind in split if group_of(name) == group}))


@functools.cache
def _builtin() -> frozenset[str]:
    return frozenset(group_of(key.split(" ")[0]) for key in index()["core"])


def is_builtin(group: str) -> bool:
    """Tell whether a group is one of Kubernetes itself, which no custom resource is in."""
    return group in _builtin()


@functools.cache
def builtin_kinds() -> frozenset[str]:
    """The kinds of Kubernetes itself, whatever their group and version."""
    return frozenset(key.split(" ")[1] for key in index()["core"])


@functools.cache
def bundled_groups() -> frozenset[str]:
    return frozenset(group_of(key.split(" ")[0]) for key in (*index()["core"], *index()["custom"]))


def has_group(group: str) -> bool:
    """Tell whether any bundled kind is in a group."""
    return group in bundled_groups()


@functools.cache
def _partial() -> frozenset[str]:
    return frozenset(group_of(key.split(" ")[0]) for key, entry in index()["custom"].items() if "partial" in entry)


def is_partial(group: str) -> bool:
    """Tell whether a group may have other kinds and API versions than are bundled."""
    return group in _partial()


def is_one_of_many(api_version: str, kind: str) -> bool:
    """Tell whether a kind is known from one of the releases of its definition, of which clusters have others."""
    return "partial" in index()["custom"].get(f"{api_version} {kind}", ())


def is_known_whole(group: str, kind: str) -> bool:
    """Tell whether all API versions are bundled that a kind of a group has."""
    known = api_versions(group, kind)
    return bool(known) and not any(is_one_of_many(version, kind) for version in known)


def kinds(api_version: str) -> tuple[str, ...]:
    """List the kinds that are known in an API version."""
    split = (key.split(" ") for key in (*index()["core"], *index()["custom"]))
    return tuple(sorted(kind for name, kind in split if name == api_version))


@functools.cache
def _removed() -> dict[str, list[str]]:
    loaded: dict[str, list[str]] = json.loads((DATA / "removed.json").read_text(encoding="utf-8"))
    return loaded


def removal(api_version: str, kind: str) -> Removal | None:
    """Tell when an API version of a core kind was removed, from Kubernetes 1.16 on."""
    entry = _removed().get(f"{api_version} {kind}")
    return Removal(*entry) if entry else None
