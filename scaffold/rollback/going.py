"""The way back of one overlay to a state: its files, and what that changes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scaffold import followed, git, holds, staging, survey
from scaffold.bump.reading import Reading
from scaffold.errors import ScaffoldError
from scaffold.holds import Hold
from scaffold.model import Overlay
from scaffold.promote.carried import Carried, built, carried
from scaffold.rollback import base, history
from scaffold.rollback.history import Commit
from scaffold.staging import Content


@dataclass(frozen=True)
class Wanted:
    """An application in an environment, why it goes back, and until when it is held there (not at all for None).

    `to` is a commit or a version, empty for the last good state; `pin` takes what is shared as it was, too. `others`
    lets the team's pin take more back than the application.
    """

    application: str
    environment: str
    reason: str
    to: str = ""
    until: datetime.datetime | None = None
    pin: bool = False
    others: bool = False


@dataclass(frozen=True)
class Plan:
    """What goes back to which state: the files, the versions before and after, the changes that are taken back."""

    overlay: Overlay
    target: Commit
    contents: Mapping[str, Content | None]
    versions: tuple[str, ...]
    undone: tuple[Commit, ...]
    notes: tuple[str, ...]


class Going:
    """The way back to a state, which `tree` has; what the overlay shares with others stays as it is."""

    def __init__(
        self,
        state: followed.State,
        overlay: Overlay,
        shared: list[str],
        wanted: Wanted,
        now: datetime.datetime,
        target: Commit,
        tree: Path,
    ) -> None:
        self._root, self._overlay, self._shared, self._wanted = state.root, overlay, shared, wanted
        self._now, self._target, self._tree = now, target, tree
        self._reading = Reading.of(state, overlay)
        self._before = survey.survey(tree)

    def plan(self, scope: list[str], own: list[Commit]) -> Plan:
        old = self._before.overlays.get(self._overlay.path)
        if old is None:
            raise ScaffoldError(f"{self._overlay.path} was not there in {self._target}; name another state with --to")
        contents = self._contents(scope)
        if self._wanted.pin:
            contents = base.pinned(self._tree, self._before, self._overlay.path, contents)
        contents = {path: item for path, item in contents.items() if item != staging.read(self._root / path)}
        if not contents:
            raise ScaffoldError(f"{self._overlay.path} is as it was in {self._target} already; name another state")
        notes = list(self._notes(old, contents))
        versions = tuple(self._versions(old))
        contents.update(self._held())
        undone = tuple(history.undone(own, self._target, self._root))
        return Plan(self._overlay, self._target, contents, versions, undone, tuple(notes))

    def _contents(self, scope: list[str]) -> dict[str, Content | None]:
        """Every file of the overlay as it was; those that were not there go."""
        present, old = (_files(directory, scope) for directory in (self._root, self._tree))
        made: dict[str, Content | None] = dict.fromkeys(present - old)
        for path in sorted(old):
            if (self._tree / path).is_symlink():
                raise ScaffoldError(f"{path} was a symbolic link in {self._target}; go back by hand")
            made[path] = staging.read(self._tree / path)
        return made

    def _held(self) -> dict[str, Content | None]:
        return held(self._root, self._overlay.path, self._wanted, self._target.commit, self._now)

    def _versions(self, old: Overlay) -> Iterator[str]:
        return versions(carried(self._reading, self._overlay), carried(self._old(old), old))

    def _notes(self, old: Overlay, contents: Mapping[str, Content | None]) -> Iterator[str]:
        """Whether the overlay renders as it did, and why not."""
        if self._overlay.path not in self._before.kustomizations:
            return
        if built(self._reading, self._overlay, contents) == built(self._old(old), old, {}):
            yield f"{self._overlay.path} renders as in {self._target.commit[:12]}"
        else:
            others = ", ".join(base.changed(self._root, self._shared, self._target.commit)[:3]) or "what it shares"
            yield f"{others} changed since and stays, so {self._overlay.path} renders otherwise than then"

    def _old(self, old: Overlay) -> Reading:
        return Reading(self._tree, self._before, [old])


def _files(root: Path, scope: list[str]) -> set[str]:
    return set(filter(None, git.run(root, "ls-files", "-z", "--", *scope).split("\0")))


def held(root: Path, overlay: str, wanted: Wanted, commit: str, now: datetime.datetime) -> dict[str, Content | None]:
    """The hold that keeps an overlay at a commit; none where none is wanted."""
    if wanted.until is None:
        return {}
    hold = Hold(overlay, wanted.reason, git.author(root), now, wanted.until, commit[:12])
    return {holds.path(overlay): holds.content(hold)}


def versions(now: Carried, then: Carried) -> Iterator[str]:
    """The versions before and after, where they differ."""
    for name in sorted(now.images.keys() & then.images.keys()):
        if now.images[name].version != then.images[name].version:
            yield f"{name}: {now.images[name].version} -> {then.images[name].version}"
    for key in now.charts.keys() & then.charts.keys():
        if now.charts[key] != then.charts[key]:
            yield f"{key[0]}: {now.charts[key]} -> {then.charts[key]}"
