"""A directory to findings; the stages themselves stand in `run`, which an unchanged directory does not need."""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold import discover, settings
from scaffold.cache import Cache
from scaffold.errors import ScaffoldError
from scaffold.model import Repository
from scaffold.render import builders
from scaffold.validate import baseline, fixing, remembered
from scaffold.validate.outcome import Options, Prepared, Report, Summary

if TYPE_CHECKING:
    from scaffold.validate import parts
    from scaffold.validate.ahead import Ahead
    from scaffold.validate.run import Run

__all__ = [
    "Options",
    "Report",
    "Summary",
    "baseline",
    "fixing",
    "merged",
    "part",
    "rendered",
    "validate",
    "without_collection",
]


# To take a run apart takes a twentieth of it, and most processes end with it anyway.
_LAST: list[Run] = []


def validate(root: Path, options: Options) -> Report:
    """Validate a directory.

    Raises ScaffoldError where the run cannot go on, NothingCheckedError where no manifest stands below the root.
    """
    with _prepared(root, options) as prepared:
        return _report(prepared)


def _report(prepared: Prepared) -> Report:
    memory = remembered.Memory(prepared)
    report = memory.recall()
    if not isinstance(report, Report):
        with _begun(prepared) as begun:
            _LAST[:] = [run := _run(prepared, begun=begun)]
            report = run.report()
        memory.keep(report, lasting=run.lasting())
    return report


def part(root: Path, options: Options, shard: parts.Shard) -> parts.Part:
    """Render and check one shard of the overlays; raises as `validate` does."""
    with _prepared(root, options) as prepared:
        return _run(prepared).part(shard)


def merged(root: Path, options: Options, rendered: Mapping[str, parts.Part]) -> Report:
    """What `validate` says, from all parts, by the names of their files.

    Raises ScaffoldError where they do not fit together, or not to the directory.
    """
    with _prepared(root, options) as prepared:
        return _run(prepared, rendered).report()


def rendered(root: Path, options: Options) -> Repository:
    """The repository with what its overlays render to; raises as `validate` does."""
    with _prepared(root, options) as prepared:
        return _run(prepared).repository()


@contextlib.contextmanager
def _prepared(root: Path, options: Options) -> Iterator[Prepared]:
    others = _beside(root, options.beside)
    tree, known = discover.tree(root), settings.read(root)
    if others:
        tree = discover.joined(tree, {name: discover.tree(path) for name, path in others.items()})
        known = dataclasses.replace(known, beside=tuple((name, settings.read(p)) for name, p in others.items()))
    if options.profile:
        known = dataclasses.replace(known, profile=options.profile)
    with contextlib.closing(Cache(options.cache)) as cache, without_collection():
        yield Prepared(tree, known, builders.find(options.kustomize or None, cache), cache, options)


def _beside(root: Path, paths: Sequence[Path]) -> dict[str, Path]:
    """Other repositories by where they stand, relative to a root."""
    found: dict[str, Path] = {}
    for path in paths:
        name = Path(os.path.relpath(path, root)).as_posix()
        if name == "." or name in found:
            raise ScaffoldError(f"{str(path)!r} is validated already; name another repository with --with")
        if name.endswith(".."):
            raise ScaffoldError(f"{str(path)!r} holds {str(root)!r}; name a repository beside it with --with")
        found[name] = path
    return found


@contextlib.contextmanager
def without_collection() -> Iterator[None]:
    """Look for no cycles: there are none among values that are read once, and looking takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _begun(prepared: Prepared) -> contextlib.AbstractContextManager[Ahead]:
    from scaffold.validate import ahead

    return ahead.begun(prepared)


def _run(prepared: Prepared, rendered: Mapping[str, parts.Part] | None = None, begun: Ahead | None = None) -> Run:
    from scaffold.validate.run import Run

    return Run(prepared, rendered, begun)
