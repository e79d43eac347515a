"""What an update does to one layer: both versions rendered, moves followed, every path merged."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scaffold import answers, staging
from scaffold.errors import AnswersError, ScaffoldError
from scaffold.generate import Generator
from scaffold.staging import Content
from scaffold.update import merging, moves
from scaffold.update.layers import Layer
from scaffold.update.merging import Conflict
from scaffold.update.moves import Declared

_COMMIT = re.compile(r"^_commit:.*$", re.MULTILINE)


@dataclass(frozen=True, eq=False)
class Step:
    """A layer on its way: what it becomes, by the template's two versions.

    `changed` are answers that change, too, `layers` the directories of all layers, and `renamed` is what a name in
    paths becomes by them.
    """

    layer: Layer
    old: Generator
    new: Generator
    declared: Declared = field(default_factory=Declared)
    changed: Mapping[str, Any] = field(default_factory=dict)
    layers: Collection[str] = ()
    renamed: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Result:
    """What becomes of a layer, paths relative to the root.

    `defaults` are new questions with the answers they take, `hidden` those that the `changed` answers hide.
    """

    layer: Layer
    version: str
    edits: Mapping[str, Content | None] = field(default_factory=dict)
    moved: tuple[tuple[str, str], ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    changed: Mapping[str, Any] = field(default_factory=dict)
    raised: bool = False


def is_untouched(step: Step) -> bool:
    """Tell whether neither what the layer is made from nor its answers change, so that only its version does."""
    recorded = step.layer.recorded.answers
    same = not step.changed and not step.declared.answers and not step.declared.moves
    return same and step.old.inputs(recorded) == step.new.inputs(recorded)


def raise_version(root: Path, step: Step) -> Result:
    """Record the new version and change nothing else."""
    path = step.layer.at(answers.NAME)
    present = staging.read(root / path)
    assert present is not None, "its answers were read"
    version = step.new.described
    written = f"'{version}'" if version.isdigit() else version
    data = _COMMIT.sub(f"_commit: {written}", present.data.decode("utf-8"), count=1).encode("utf-8")
    edits = {} if data == present.data else {path: present._replace(data=data)}
    return Result(step.layer, version, edits, raised=True)


def update(root: Path, step: Step) -> Result:
    """Bring one layer to the new version; raises ScaffoldError, which names the layer, for answers that do not fit."""
    recorded = step.declared.carried(step.layer.recorded.answers)
    given = _still_asked(step.new, recorded, step.changed)
    old = rendered(step.old, step.layer, step.layer.recorded.answers)
    new = rendered(step.new, step.layer, given)
    settled = answers.parsed(new[answers.NAME].data.decode(), answers.NAME).answers
    defaults = {name: value for name, value in settled.items() if name not in given}
    if step.renamed[0]:
        step = replace(step, declared=step.declared.with_moves(moves.of_name(old, new, *step.renamed)))
    merger = _Merger(root, step, old, new)
    edits = dict(merger.edits())
    hidden = tuple(sorted(recorded.keys() - given.keys()))
    changed = {name: settled.get(name) for name in step.changed}
    found = (tuple(merger.moved), tuple(merger.conflicts), defaults, hidden, changed)
    return Result(step.layer, step.new.described, edits, *found)


def _still_asked(made: Generator, recorded: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """All answers but those that the changed ones hide; a changed one stays, and is refused where it is not asked."""
    given = {**recorded, **changed}
    while changed:
        hidden = made.questions.keys() & recorded.keys() - made.asked(given) - changed.keys()
        if not hidden & given.keys():
            break
        given = {name: answer for name, answer in given.items() if name not in hidden}
    return given


def rendered(made: Generator, layer: Layer, given: Mapping[str, Any]) -> dict[str, Content]:
    """The files of a layer by these answers; raises ScaffoldError, which names the layer, where they do not fit."""
    try:
        return made.render(given)
    except AnswersError as error:
        fact = f"layer {layer.name!r} at template {made.template.version}: {error}"
        raise ScaffoldError(fact) from error


class _Merger:
    """Merges the paths of one layer; what it finds on the way is in `moved` and `conflicts`."""

    def __init__(self, root: Path, step: Step, old: Mapping[str, Content], new: Mapping[str, Content]) -> None:
        self._root, self._step, self._new = root, step, new
        same = step.old.template == step.new.template
        self._version = "" if same else step.new.template.version
        self._old = {step.declared.path(path): content for path, content in old.items()}
        self._written = frozenset(old)
        self._checked: dict[Path, str] = {}
        self.moved: list[tuple[str, str]] = []
        self.conflicts: list[Conflict] = []

    def edits(self) -> Iterator[tuple[str, Content | None]]:
        """The files that change, by path relative to the root."""
        here = dict(self._moves())
        yield from ((source, None) for source, _ in self.moved)
        known = {self._step.layer.at(path): path for path in sorted({*self._old, *self._new})}
        yield from ((target, staging.read(self._root / source)) for source, target in self.moved if target not in known)
        for name, path in known.items():
            if not self._is_blocked(name, path):
                source = here.get(path, name)
                present = staging.read(self._root / source)
                merged = self._merged(path, name, present)
                if merged != present or source != name:
                    yield name, merged

    def _is_blocked(self, name: str, path: str) -> bool:
        """Tell whether something else stands where a file is to be, and report it where the template changes that."""
        blocked = self._blocked(name)
        if blocked and self._old.get(path) != self._new.get(path):
            deed = "deleted" if path not in self._new else "changed" if path in self._old else "added"
            self.conflicts.append(Conflict(name, f"{blocked} is in the way", deed))
        return bool(blocked)

    def _merged(self, path: str, name: str, present: Content | None) -> Content | None:
        old, new = self._old.get(path), self._new.get(path)
        if self._is_yours(path, old, present):
            return present
        content, conflict = merging.merge(name, old, present, new, self._version)
        if conflict and path == answers.NAME:
            content = new  # with markers it would be no answers file, and nothing could go on
            conflict = conflict._replace(line=0)
        if conflict:
            self.conflicts.append(conflict)
        return content

    def _is_yours(self, path: str, old: Content | None, present: Content | None) -> bool:
        """A seeded file is written once: it stays as it is, and where it was deleted it stays away.

        What it says of a name that is another one has to follow, or it would speak of what is not there any more.
        """
        if self._step.renamed[0] and old is not None and present is not None and path in self._new:
            return False
        seeded = self._step.new.is_seeded(path) or (path not in self._new and self._step.old.is_seeded(path))
        return seeded and (present is not None or old is not None)

    def _blocked(self, name: str) -> str:
        """What stands where a file is to be: a directory, or a file or a link in place of one of its directories."""
        target = self._root / name
        if target.is_dir() and not target.is_symlink():
            return "a directory"
        return self._directory_blocked(target.parent)

    def _directory_blocked(self, directory: Path) -> str:
        if directory == self._root:
            return ""
        if directory not in self._checked:
            above = self._directory_blocked(directory.parent)
            other = directory.is_symlink() or (directory.exists() and not directory.is_dir())
            self._checked[directory] = above or (repr(directory.relative_to(self._root).as_posix()) if other else "")
        return self._checked[directory]

    def _moves(self) -> Iterator[tuple[str, str]]:
        """Where the files are that the declared moves take to a path of the layer."""
        if not self._step.declared.moves:
            return
        known = {*self._old, *self._new}
        for path in self._present():
            target = self._step.declared.path(path)
            if target == path or not self._was_written(path):
                continue
            source, name = self._step.layer.at(path), self._step.layer.at(target)
            if os.path.lexists(self._root / name) or self._blocked(name):
                self.conflicts.append(
                    Conflict(name, f"something else stands there and {source!r} stays", "moved there")
                )
                continue
            self.moved.append((source, name))
            if target in known:
                yield target, source

    def _was_written(self, path: str) -> bool:
        """Tell whether the template wrote a path, or anything below the directory that moves with it."""
        return path in self._written or any(
            move.of(path) and move.of(each) and _head(move.source, path) == _head(move.source, each)
            for move in self._step.declared.moves
            for each in self._written
        )

    def _present(self) -> Iterator[str]:
        """Every file and link of the layer, without those of the layers below it."""
        layer = self._root / self._step.layer.directory
        pending = [""]
        while pending:
            directory = pending.pop()
            with os.scandir(layer / directory) as entries:
                for entry in sorted(entries, key=lambda item: item.name):
                    path = f"{directory}/{entry.name}" if directory else entry.name
                    if not entry.is_dir(follow_symlinks=False):
                        yield path
                    elif entry.name != ".git" and self._step.layer.at(path) not in self._step.layers:
                        pending.append(path)


def _head(pattern: str, path: str) -> str:
    """The part of a path that a pattern speaks of."""
    return "/".join(path.split("/")[: pattern.count("/") + 1])
