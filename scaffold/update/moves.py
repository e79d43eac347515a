"""What a template version declares: which path became which, and which answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from packaging.version import InvalidVersion, Version

from scaffold import parse
from scaffold.errors import ScaffoldError
from scaffold.model import mapping, sequence

FILE = "templates/moves.yml"
_KEYS = {"moves": {"kind", "engine", "from", "to"}, "answers": {"kind", "from", "to"}}


@dataclass(frozen=True)
class Move:
    """A path of a layer that became another; `*` stands for one segment, and what is below a directory goes along."""

    source: str
    target: str

    def of(self, path: str) -> str | None:
        """What a path became, or None where this move does not speak of it."""
        found = _pattern(self.source).match(path)
        if not found:
            return None
        kept = iter(found.groups()[:-1])
        target = "/".join(next(kept) if part == "*" else part for part in self.target.split("/"))
        return target + found.groups()[-1]


@dataclass(frozen=True)
class Declared:
    """What one kind's layers have to follow from one version to another, oldest first.

    `answers` maps a question to its new name, or to nothing where it is gone.
    """

    moves: tuple[Move, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()

    def path(self, path: str) -> str:
        """Where a path of the old version is in the new one."""
        for move in self.moves:
            path = move.of(path) or path
        return path

    def with_moves(self, moves: Iterable[Move]) -> Declared:
        """The same with moves that come after its own."""
        return replace(self, moves=(*self.moves, *moves))

    def carried(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Recorded answers under their new names, without those that are gone."""
        result = dict(given)
        for old, new in self.answers:
            if old in result:
                value = result.pop(old)
                if new:
                    result.setdefault(new, value)
        return result


def of_name(old: Collection[str], new: Collection[str], name: str, later: str) -> Iterator[Move]:
    """The moves of paths that carry a name, from what was written to what would be with another name.

    Of a path it is the first directory that carries the name, with all that is below it, or else the file.
    """
    word = re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])")
    found: dict[str, str] = {}
    for path in sorted(old):
        parts = path.split("/")
        named = [word.sub(later, part) for part in parts]
        first = next((number for number, part in enumerate(parts) if part != named[number]), None)
        if first is None or "/".join(named) not in new or "/".join(named) in old or path in new:
            continue
        source, target = "/".join(parts[: first + 1]), "/".join([*parts[:first], named[first]])
        found[source] = target
    yield from (Move(source, target) for source, target in found.items())


def between(old: str, new: str, answers: Mapping[str, Any]) -> Declared:
    """What the text of a declaration has that an older text of it had not, for the kind and engine of some answers.

    A declaration is never taken back, so what is new in it is what happened in between; raises ScaffoldError where the
    text is no declaration.
    """
    known = [entry for _, entry in _entries(old)]
    fresh = [(section, entry) for section, entry in _entries(new) if entry not in known]
    wanted = [(section, entry) for section, entry in fresh if _concerns(entry, answers)]
    return Declared(
        tuple(Move(entry["from"], entry["to"]) for section, entry in wanted if section == "moves"),
        tuple((entry["from"], entry.get("to") or "") for section, entry in wanted if section == "answers"),
    )


@lru_cache(maxsize=8)  # every layer of a repository asks the same two texts
def _entries(text: str) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return tuple(_read(text))


def _read(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    (document,) = parse.documents(text, FILE) if text.strip() else ({},)
    for section, keys in _KEYS.items():
        by_version = mapping(mapping(document).get(section))
        for version in _in_order(map(str, by_version)):
            for entry in sequence(by_version.get(version)):
                _check(section, version, mapping(entry), keys)
                yield section, dict(mapping(entry))


def _in_order(versions: Iterable[str]) -> list[str]:
    try:
        return sorted(versions, key=Version)
    except InvalidVersion as error:
        raise ScaffoldError(f'{FILE}: {error}; write versions such as "0.2.0"') from error


def _check(section: str, version: str, entry: Mapping[str, Any], keys: set[str]) -> None:
    named = isinstance(entry.get("from"), str) and isinstance(entry.get("to", ""), str)
    complete = named and (section == "answers" or {"kind", "to"} <= set(entry))
    if not complete or not set(entry) <= keys:
        fact = f"{FILE}: an entry of {section} in {version!r} is not complete or holds unknown keys"
        raise ScaffoldError(f"{fact}; its keys are {', '.join(sorted(keys))}")
    if section == "moves" and str(entry["from"]).count("*") != str(entry["to"]).count("*"):
        raise ScaffoldError(f"{FILE}: {entry['from']!r} and {entry['to']!r} hold '*' not equally often; let them")


def _concerns(entry: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    return all(entry.get(key) in (None, answers.get(key)) for key in ("kind", "engine"))


def _pattern(source: str) -> re.Pattern[str]:
    parts = ("([^/]+)" if part == "*" else re.escape(part) for part in source.rstrip("/").split("/"))
    return re.compile(f"{'/'.join(parts)}((?:/.*)?)\\Z", re.DOTALL)
