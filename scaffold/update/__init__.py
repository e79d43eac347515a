"""A generated repository to a newer version of its template: computed whole, then written in one step or not at all."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scaffold import generate, git, journal, revisions, template, workers
from scaffold.errors import ScaffoldError
from scaffold.generate import Generator
from scaffold.staging import Content
from scaffold.template import Template
from scaffold.update import branches, layer, layers, moves
from scaffold.update.layer import Result, Step
from scaffold.update.layers import Layer
from scaffold.update.merging import Conflict

__all__ = ["Conflict", "Outcome", "Request", "plan"]

_LABEL = "rendering layers"
_FEW = 8  # with fewer layers, to start a process takes longer than it saves


@dataclass(frozen=True)
class Request:
    """What to update and to which version (the newest where it is empty); `changed` are answers that change with it.

    `changed` maps the directories of layers to some of their answers; it is how `set` and `rename` use an update.
    `renamed` is a name and what it becomes: paths that carry it move.
    """

    paths: tuple[Path, ...]
    version: str = ""
    jobs: int = 1
    changed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    stay: bool = False
    renamed: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Outcome:
    """What an update would do; nothing is written before `write` or `branch`."""

    root: Path
    results: tuple[Result, ...]
    foreign: tuple[str, ...] = ()

    @cached_property
    def edits(self) -> dict[str, Content | None]:
        """Every file that changes, by path."""
        return {path: content for result in self.results for path, content in sorted(result.edits.items())}

    @property
    def conflicts(self) -> list[Conflict]:
        return [conflict for result in self.results for conflict in result.conflicts]

    @property
    def moved(self) -> list[tuple[str, str]]:
        return [move for result in self.results for move in result.moved]

    @property
    def defaults(self) -> list[tuple[str, Any, int]]:
        """New questions, the answers they take, and in how many layers."""
        found = Counter((name, repr(value)) for result in self.results for name, value in result.defaults.items())
        return [(name, value, number) for (name, value), number in sorted(found.items())]

    @property
    def hidden(self) -> list[tuple[str, int]]:
        """Answers that are not asked any more because others changed, and in how many layers."""
        return sorted(Counter(name for result in self.results for name in result.hidden).items())

    def write(self, command: str) -> None:
        """Write the result to the work tree, whole or not at all."""
        journal.write(self.root, self.edits, command, (conflict.path for conflict in self.conflicts))

    def branch(self, name: str, message: str) -> None:
        """Write the result as one commit on a new branch; the work tree stays as it is."""
        branches.commit(self.root, name, self.edits, message)


def plan(request: Request, opened: Mapping[Template, Generator] = MappingProxyType({})) -> Outcome:
    """Compute an update; raises ScaffoldError where it cannot be done, and names the layer that is the reason.

    What a caller has `opened` is not fetched again.
    """
    found = layers.find(request.paths)
    journal.refuse_interrupted(found.root)
    recorded = functools.cache(template.recorded)
    targets = _targets(found.chosen, request, recorded)
    behind = [each for each in found.chosen if _is_behind(each, targets[each], request)]
    olds = {each: recorded(each.recorded.address, each.recorded.version) for each in behind}
    wanted = {*olds.values(), *(targets[each] for each in behind)}
    with generate.generators(sorted(wanted - opened.keys(), key=lambda each: each.version)) as fetched:
        made = {**opened, **fetched}
        known = frozenset(each.directory for each in found.layers)
        steps = [_step(each, made[olds[each]], made[targets[each]], request, known) for each in behind]
        rest = [step for step in steps if not layer.is_untouched(step)]
        changing = frozenset(rest)
        raised = [layer.raise_version(found.root, step) for step in steps if step not in changing]
        results = [*raised, *_updated(found.root, rest, request.jobs)]
    outcome = Outcome(found.root, tuple(sorted(results, key=lambda each: each.layer.directory)), found.foreign)
    _refuse_uncommitted(outcome)
    return outcome


def _targets(
    chosen: Iterable[Layer], request: Request, recorded: Callable[[str, str], Template]
) -> dict[Layer, Template]:
    """The version that each layer goes to; an address is asked once."""
    newest: dict[str, Template] = {}
    result = {}
    for each in chosen:
        address, version = each.recorded.address, each.recorded.version
        if request.stay:
            result[each] = recorded(address, version)
        elif request.version:
            result[each] = recorded(address, request.version)
        else:
            if address not in newest:
                newest[address] = template.latest(recorded(address, version).address)
            result[each] = newest[address]
    return result


def _is_behind(each: Layer, target: Template, request: Request) -> bool:
    version = each.recorded.version
    if template.is_before(target.version, version):
        fact = f"layer {each.name!r} is at template {version}, which is later than {target.version}"
        raise ScaffoldError(f"{fact}; go back with 'git revert', not with an update")
    return version != target.version or each.directory in request.changed


def _step(each: Layer, old: Generator, new: Generator, request: Request, known: Collection[str]) -> Step:
    answers = each.recorded.answers
    declared = moves.between(old.source(moves.FILE), new.source(moves.FILE), answers)
    return Step(each, old, new, declared, request.changed.get(each.directory, {}), known, request.renamed)


def _updated(root: Path, steps: Sequence[Step], jobs: int) -> Iterator[Result]:
    """Update layers in worker processes, one of each kind before: what it opens, the forked workers share."""
    first = {(step.old.template, step.new.template, step.layer.recorded.answers["kind"]): step for step in steps}
    ahead = frozenset(first.values())
    rest = [step for step in steps if step not in ahead]
    yield from (layer.update(root, step) for step in first.values())
    yield from workers.each(_one, (root, rest), range(len(rest)), jobs if len(rest) > _FEW else 1, _LABEL)


def _one(context: tuple[Path, Sequence[Step]], number: int) -> Result:
    root, steps = context
    return layer.update(root, steps[number])


def _refuse_uncommitted(outcome: Outcome) -> None:
    """What is not committed would be mixed with what the update writes, and could not be told apart afterwards."""
    if not git.run(outcome.root, "rev-parse", "--verify", "--quiet", "HEAD", check=False):
        return
    changed = set(revisions.changed_since(outcome.root, "HEAD")) & set(outcome.edits)
    if changed:
        fact = f"{min(changed)!r} has changes that are not committed, and would be written"
        raise ScaffoldError(f"{fact}; commit or undo them first")
