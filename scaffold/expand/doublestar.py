"""The globs of doublestar 4.10, by which Argo CD 3.5 picks files where `enable.new.git.file.globbing` says so.

They are those of its `FilepathGlob`, which walks a tree: a directory is picked like a file, `**` at the end means the
directory itself, too, and of the choices in braces an empty one at the end is none.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import NamedTuple

from scaffold.expand.paths import BadPatternError, compile_path

_MANY = 1000  # more alternatives than anybody writes
_ROOT = "root"  # what a pattern is below; one that leaves it picks nothing
_ANY = compile_path("*")
_WILD = re.compile(r"[*?\[]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BASE = re.compile(r"(?:\\.|[^*?\[{\\])*/", re.DOTALL)  # the directories before the first that is no mere name
_TOKEN = re.compile(r"\\.|\[[!^]?+(?!\])(?:\\.|[^\]\\])+\]|[^\\\[]", re.DOTALL)
_CLASS = re.compile(r"\[(?P<negated>[!^]?)(?P<inner>(?:\\.|[^\]\\])+)\]", re.DOTALL)
_PLAIN = re.compile(r"(?<!\\)[{},]")
_Steps = tuple[re.Pattern[str] | None, ...]


class Glob(NamedTuple):
    """What a pattern stands for: alternatives of steps, each a pattern, or None for any number of directories.

    `prefix` is what all that it picks begins with.
    """

    alternatives: tuple[_Steps, ...]
    prefix: str = ""

    def picks(self, file: str) -> bool:
        """Tell whether it picks a file, in a time that grows with its steps and those of the pattern alone."""
        parts = file.split("/")
        return any(_fits((*steps, _ANY) if steps[-1:] == (None,) else steps, parts) for steps in self.alternatives)

    def picks_directory(self, directory: str) -> bool:
        """Tell whether it picks a directory, which is empty for the root."""
        parts = directory.split("/") if directory else []
        return any(_fits(steps, parts) for steps in self.alternatives)


@lru_cache(maxsize=4096)
def compile_glob(pattern: str) -> Glob:
    """Read a pattern: `*` stays in one directory, and `**` alone in a step stands for any number of them.

    Raises BadPatternError where it is malformed, or stands for too many others.
    """
    whole = posixpath.normpath(f"{_ROOT}/{pattern}")
    base = found[0] if (found := _BASE.match(whole)) else ""
    glob = whole.removeprefix(base)
    if not _is_valid(glob):
        raise BadPatternError(pattern)
    if whole == _ROOT or not base.startswith(f"{_ROOT}/"):
        return Glob(((),) if whole == _ROOT else ())
    above = [_ESCAPED.sub(r"\1", step) for step in base.split("/")[1:-1]]
    literal = [re.compile(re.escape(step)) for step in above]
    return Glob(tuple((*literal, *_steps(each)) for each in _alternatives(glob) if each), "/".join(above))


def _is_valid(glob: str) -> bool:
    """Tell whether classes end, and every brace has its other one."""
    depth = at = 0
    while at < len(glob) and depth >= 0:
        token = _TOKEN.match(glob, at)
        if not token:
            return False
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        at = token.end()
    return depth == 0


def _alternatives(pattern: str) -> list[str]:
    """The patterns that one with braces stands for."""
    done, todo = [], [pattern]
    while todo:
        glob = todo.pop()
        group = _group(glob)
        if group:
            (start, *commas, end) = group
            cuts = zip(group, (*commas, end), strict=False)
            choices = [glob[left + 1 : right] for left, right in cuts]
            todo += [glob[:start] + choice + glob[end + 1 :] for choice in choices[: None if choices[-1] else -1]]
        else:
            done.append(glob)
        if len(done) + len(todo) > _MANY:
            raise BadPatternError(pattern)
    return done


def _group(glob: str) -> list[int]:
    """The places of the first brace that opens, of the commas of its own, and of the one that closes it."""
    found: list[int] = []
    depth = 0
    for match in _PLAIN.finditer(glob):
        character = match[0]
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 1 and character in "{,":
            found.append(match.start())
        elif found and depth == 0:
            return [*found, match.start()]
    return []


def _steps(glob: str) -> _Steps:
    """The steps of a pattern without braces; raises BadPatternError for a class with a `/`, which parts it."""
    steps = glob.split("/")
    if len(steps) > 1 and not steps[-1] and _WILD.search(glob):
        steps.pop()
    if not all(map(_is_valid, steps)):
        raise BadPatternError(glob)
    return tuple(None if step == "**" else compile_path(_CLASS.sub(_class, step)) for step in steps)


def _class(match: re.Match[str]) -> str:
    """A class as Go's own patterns have it, where a dash at an end stands for itself only behind a backslash."""
    inner = re.sub(r"\A-|(?<!\\)-\Z", r"\\-", match["inner"])
    return f"[{'^' if match['negated'] else ''}{inner}]"


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
