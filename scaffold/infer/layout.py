"""Which patterns say where a repository's overlays belong: the usual ones, or such as its directories suggest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from scaffold.assemble import patterns
from scaffold.assemble.ranks import rank
from scaffold.model import Repository

_ENVIRONMENT, _APPLICATION = "{environment}", "{application}"


class Layout(NamedTuple):
    """The patterns in the order in which they count, and what they say of each overlay's directory."""

    paths: tuple[str, ...]
    parts: Mapping[str, Mapping[str, str]]

    def environment(self, path: str) -> str:
        """The environment of a directory, or nothing."""
        return patterns.parts(path, self.paths).get("environment", "") if self.paths else ""


def of(repository: Repository) -> Layout:
    """The patterns that fit a repository, which are its own where the usual ones say nothing."""
    found = list(repository.overlays.values())
    directories = sorted({overlay.path for overlay in found} | {o.build.cluster for o in found if o.build})
    usual = {path: patterns.fitting(path, patterns.USUAL) for path in directories}
    own = _own([path for path, pattern in usual.items() if not pattern])
    paths = (*(pattern for pattern in patterns.USUAL if pattern in usual.values()), *own)
    return Layout(paths, {path: patterns.parts(path, paths) for path in directories} if paths else {})


def _own(directories: list[str]) -> list[str]:
    """Patterns that find several environments among directories that are alike otherwise; the widest that are sure."""
    found: dict[str, None] = {}
    for path in directories:
        names = path.split("/")
        position = next((n for n, name in enumerate(names) if rank(name) is not None), None)
        if position is not None:
            wide = _patterns(names[:position], names[position + 1 :])
            found.update(dict.fromkeys(next(([pattern] for pattern in wide if _is_sure(pattern, directories)), [])))
    return sorted(found)


def _patterns(before: list[str], after: list[str]) -> Iterator[str]:
    """The directory with words for its parts: what comes before the environment, or last, may be an application."""
    below = ["*" for _ in after]
    if before:
        yield "/".join([*before[:-1], _APPLICATION, _ENVIRONMENT, *below])
    if after:
        yield "/".join([*before, _ENVIRONMENT, *below[1:], _APPLICATION])
    yield "/".join([*before, _ENVIRONMENT, *below])


def _is_sure(pattern: str, directories: Iterable[str]) -> bool:
    """Tell whether what stands where the environment should is one by name, for most, and not always the same.

    A directory above it that is always the same is no application.
    """
    found = [parts for path in directories if (parts := patterns.parts(path, (pattern,)))]
    names = {parts["environment"] for parts in found}
    told = {name for name in names if rank(name) is not None}
    applications = {parts.get("application") for parts in found}
    same = len(applications) == 1 and f"{_APPLICATION}/{_ENVIRONMENT}" in pattern
    return len(told) > 1 and len(told) * 2 > len(names) and not same
