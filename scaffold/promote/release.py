"""Releases: the pin of a team moves to the newest commit, which is what a promotion comes to where Flux has a pin."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scaffold import git, holds, pins
from scaffold.choice import full_name
from scaffold.errors import RefusedError, ScaffoldError
from scaffold.followed import State, States
from scaffold.model import Overlay
from scaffold.pins import Pin
from scaffold.promote import soak, stages
from scaffold.promote.cut import origin
from scaffold.promote.moving import files, moving
from scaffold.promote.policies import policy
from scaffold.promote.promoting import Wanted
from scaffold.staging import Content


@dataclass(frozen=True)
class Release:
    """A pin, the commit that it moves to, and what that changes: applications that were asked for, and others."""

    pin: Pin
    commit: str
    applications: tuple[str, ...]
    others: tuple[str, ...]

    def contents(self, root: Path) -> dict[str, Content | None]:
        """The pin's file with the new commit."""
        return {self.pin.path: pins.moved(root, self.pin, self.commit)}

    def __str__(self) -> str:
        before = self.pin.commit[:12] or "nothing"
        return f"{self.pin.team} {self.pin.environment}: {before} -> {self.commit[:12]}"


@dataclass(frozen=True)
class Releases:
    """The pins that move, why others stay, and the commit that was looked at, empty where there is no pin."""

    releases: tuple[Release, ...] = ()
    notes: tuple[str, ...] = ()
    commit: str = ""

    def contents(self, root: Path) -> dict[str, Content | None]:
        """Every pin's file."""
        return {path: content for item in self.releases for path, content in item.contents(root).items()}


def releases(states: States, wanted: Wanted, now: datetime.datetime) -> Releases:
    """The pins of the teams that own what is asked for, where that differs from what the pin names.

    Raises RefusedError where something would move that is held, or that was not asked for and may not go along.
    """
    if not pinned(states, wanted):
        return Releases()
    commit = states.published(wanted.environment)
    after = states.at_commit(commit)
    made: list[Release] = []
    notes: list[str] = []
    for pin, asked in _pinned(states, after, wanted):
        try:
            made += _release(states, pin, commit, asked, wanted, now)
        except RefusedError as error:
            if wanted.applications:
                raise
            notes.append(f"{pin.path} stays: {error}")
    return Releases(tuple(made), tuple(notes), commit)


def pinned(states: States, wanted: Wanted) -> list[Pin]:
    """The pins of the teams that own what is asked for."""
    asked = {item.team: item for item in _asked(states.of(wanted.environment), wanted)}
    return [pin for overlay in asked.values() if (pin := states.pin(overlay))]


def _asked(state: State, wanted: Wanted) -> list[Overlay]:
    """The overlays that are asked for, as far as they are there."""
    names = wanted.applications
    found = (item for item in state.layout.overlays.values() if item.environment == wanted.environment)
    return [
        item for item in found if item.application and (not names or {item.application, full_name(item)} & {*names})
    ]


def _pinned(states: States, after: State, wanted: Wanted) -> Iterator[tuple[Pin, set[str]]]:
    asked = _asked(after, wanted)
    for overlay in {item.team: item for item in asked}.values():
        pin = states.pin(overlay)
        if pin:
            yield pin, {item.path for item in asked if item.team == overlay.team}


def _release(
    states: States, pin: Pin, commit: str, asked: set[str], wanted: Wanted, now: datetime.datetime
) -> Iterator[Release]:
    before = states.at_commit(pin.commit) if pin.commit else None
    after = states.at_commit(commit)
    found = moving(before, after, pin)
    if not any(item.path in asked for item in found):
        return
    if pin.commit and git.attempt(after.root, "merge-base", "--is-ancestor", commit, pin.commit).ok:
        raise ScaffoldError(f"{pin.path} names {pin.commit[:12]}, which is newer than {commit[:12]}; git fetch first")
    for item in found:
        holds.refuse_held(after.root, item.path, now)
        _refuse_fresh(states, before, after, item, now)
    others = tuple(full_name(item) for item in found if item.path not in asked)
    refuse_others(pin, others, allowed=wanted.others or not wanted.applications)
    yield Release(pin, commit, tuple(full_name(item) for item in found if item.path in asked), others)


def _refuse_fresh(states: States, before: State | None, after: State, overlay: Overlay, now: datetime.datetime) -> None:
    """Raise RefusedError where the stage before has had a file that moves for less than the policy asks for."""
    hours = policy(states.settings.promotions, overlay).soak
    if hours:
        old, new = ({} if state is None else files(state, overlay) for state in (before, after))
        changed = {path for path in {*old, *new} if old.get(path) != new.get(path)}
        origins = [origin(states, item) for item in stages.before(after.layout, overlay)]
        soak.refuse_fresh_files(origins, changed, hours, now)


def refuse_others(pin: Pin, others: Sequence[str], *, allowed: bool) -> None:
    """Raise RefusedError where a pin would move more than may move."""
    if others and not allowed:
        fact = f"{pin.path} is the pin of all of {pin.team}, so {', '.join(others)} would move too"
        raise RefusedError(f"{fact}; --with-others lets them")


def message(found: Releases) -> str:
    """The commit message of releases; nothing where no pin moves."""
    if not found.releases:
        return ""
    first = found.releases[0].pin
    teams = ", ".join(item.pin.team for item in found.releases)
    body = "\n\n".join("\n".join(lines(item)) for item in found.releases)
    trailers = "\n".join(f"Released: {item.commit}" for item in found.releases[:1])
    return f"Release {teams} to {first.environment}\n\n{body}\n\nEnvironment: {first.environment}\n{trailers}\n"


def lines(release: Release) -> list[str]:
    """What moves, for people."""
    moved = [*release.applications, *(f"{name} (goes along)" for name in release.others)]
    return [str(release), *(f"- {name}" for name in moved)]
