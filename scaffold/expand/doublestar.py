"""The globs of doublestar 4.10, by which Argo CD 3.5 picks files where `enable.new.git.file.globbing` says so."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from scaffold.expand.paths import BadPatternError, compile_path

_BRACES = re.compile(r"\{([^{}]*)\}")  # the innermost ones
_MANY = 1000  # more alternatives than anybody writes
_Steps = tuple[re.Pattern[str] | None, ...]


class Glob(NamedTuple):
    """What a pattern stands for: alternatives of steps, each a pattern, or None for any number of directories."""

    alternatives: tuple[_Steps, ...]

    def fullmatch(self, path: str) -> bool:
        """Tell whether the whole path matches, in a time that grows with its steps and those of the pattern alone."""
        return any(_fits(steps, path.split("/")) for steps in self.alternatives)


@lru_cache(maxsize=4096)
def compile_glob(pattern: str) -> Glob:
    """Read a pattern: `*` stays in one directory, and `**` alone in a step stands for any number of them.

    Raises BadPatternError where it is malformed, or stands for too many others.
    """
    return Glob(tuple(_steps(glob) for glob in _alternatives(pattern)))


def _alternatives(pattern: str) -> list[str]:
    """The patterns that one with braces stands for."""
    done, todo = [], [pattern]
    while todo:
        glob = todo.pop()
        found = _BRACES.search(glob)
        if found:
            before, after = glob[: found.start()], glob[found.end() :]
            todo += [before + choice + after for choice in found[1].split(",")]
        else:
            done.append(glob)
        if len(done) + len(todo) > _MANY:
            raise BadPatternError(pattern)
    return done


def _steps(glob: str) -> _Steps:
    steps = glob.split("/")
    read = [None if step == "**" else compile_path(step.replace("[!", "[^")) for step in steps]
    return (*read, compile_path("*")) if steps[-1] == "**" else tuple(read)


def _fits(steps: _Steps, parts: list[str]) -> bool:
    """Walk along all ways at once, by the numbers of the steps that come next."""
    reached = _skipped(steps, {0})
    for part in parts:
        taken = {after for at in reached if at < len(steps) and (after := _after(steps, at, part)) >= 0}
        reached = _skipped(steps, taken)
    return len(steps) in reached


def _after(steps: _Steps, at: int, part: str) -> int:
    """The step that comes after a part of a path; negative where it does not fit."""
    step = steps[at]
    if step is None:
        return at
    return at + 1 if step.fullmatch(part) else -1


def _skipped(steps: _Steps, reached: set[int]) -> set[int]:
    """The same, with what comes behind any number of directories where there are none."""
    found, todo = set(reached), list(reached)
    while todo:
        at = todo.pop()
        if at < len(steps) and steps[at] is None and at + 1 not in found:
            found.add(at + 1)
            todo.append(at + 1)
    return found
