"""What names of environments say about the promotion order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_USUAL = (
    ("dev", "development", "develop", "sandbox", "sbx", "local", "playground"),
    ("test", "testing", "tst", "qa", "ci", "integration", "int"),
    ("uat", "stage", "staging", "stag", "stg", "preprod", "preproduction", "acceptance", "acc", "demo", "canary"),
    ("prod", "production", "prd", "live"),
)
PRODUCTION = len(_USUAL) - 1  # the last of the order
PRODUCTIONS = frozenset(_USUAL[PRODUCTION])
_SPELLINGS = (frozenset(("prd", "prod", "production")), frozenset(("stage", "staging", "stg")))  # of one stage
_RANKS = {word: rank for rank, words in enumerate(_USUAL) for word in words}


@lru_cache(maxsize=8192)
def rank(name: str) -> int | None:
    """Where in the usual order an environment stands by its name: `eu-prod` is a production."""
    found = [_RANKS[word] for word in re.split(r"[-_.]|(?<=[a-z])(?=\d)", name.lower()) if word in _RANKS]
    return max(found, default=None)


def words(names: Iterable[str]) -> frozenset[str]:
    """Those of some names of directories that stand for an environment."""
    return frozenset(name for name in names if rank(name) is not None)


def spelled(words: Iterable[str]) -> set[str]:
    """Some words, and how else they are written: `production` is `prod`."""
    known = set(words)
    return known.union(*(spellings for spellings in _SPELLINGS if spellings & known))


def are_alternatives(one: str, other: str) -> bool:
    """Tell whether two files of one directory are one thing in two environments: `root-dev.yaml`, `root-prod.yaml`."""
    (first, stage), (second, other_stage) = _without_stage(one), _without_stage(other)
    return bool(first) and first == second and stage != other_stage


def _without_stage(path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a path but for those that stand for an environment, and those."""
    name = path.rpartition("/")[2].lower()
    parts = re.split(r"[-_.]", name)
    return tuple(part for part in parts if part not in _RANKS), tuple(part for part in parts if part in _RANKS)


def known(directories: Iterable[str]) -> frozenset[str]:
    """The names of those of some directories that are called like an environment."""
    return words(path.rpartition("/")[2] for path in directories)


def word(name: str, known: frozenset[str]) -> str:
    """The only environment that is named at an end of a name, as in `web-dev` and `dev-web`; else nothing."""
    found = {each for each in known if name == each or name.endswith(f"-{each}") or name.startswith(f"{each}-")}
    longest = {each for each in found if not any(each != other and each in other for other in found)}
    return longest.pop() if len(longest) == 1 else ""


def meant(name: str, known: frozenset[str]) -> str:
    """The same, however the name writes it: `web-prod` is of `production`, where nothing else is called so."""
    spellings = {name: known.intersection(spelled((name,))) for name in spelled(known) - known}
    own = {spelling: next(iter(found)) for spelling, found in spellings.items() if len(found) == 1}
    said = word(name, known | own.keys())
    return own.get(said, said)


def is_variant(name: str, of: str) -> bool:
    """Tell whether a name is another with a word before or behind it: `eu-prod` and `prod-eu` are of `prod`."""
    return name.startswith(f"{of}-") or name.endswith(f"-{of}")


def part(path: str, known: frozenset[str]) -> str:
    """The only environment that a directory of a path, or its file, is called like; else nothing."""
    parts = path.split("/")
    found = known & {*parts, parts[-1].partition(".")[0]}
    return next(iter(found)) if len(found) == 1 else ""


def of_other(path: str, here: str, there: str) -> str:
    """The path that stands where another one does, in another environment."""
    *above, last = path.split("/")
    name, dot, rest = last.partition(".")
    names = (there if each == here else each for each in (*above, name))
    return "/".join(names) + dot + rest
