"""A pin goes back to a commit that it named before, which takes all of a team's applications back."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scaffold import git, instants, pins
from scaffold.bump.reading import Reading
from scaffold.choice import full_name
from scaffold.errors import RefusedError, ScaffoldError
from scaffold.followed import State, States
from scaffold.model import Overlay
from scaffold.pins import Pin
from scaffold.promote.carried import carried
from scaffold.promote.moving import files, moving
from scaffold.rollback.going import Wanted, held, versions
from scaffold.staging import Content


@dataclass(frozen=True)
class Return:
    """A pin, the commit that it goes back to, and what goes back with it; `overlay` is the one that it is for."""

    pin: Pin
    overlay: Overlay
    commit: str
    others: tuple[str, ...]
    versions: tuple[str, ...]

    def contents(self, root: Path) -> dict[str, Content | None]:
        """The pin's file with that commit."""
        return {self.pin.path: pins.moved(root, self.pin, self.commit)}

    def held(self, root: Path, wanted: Wanted, now: datetime.datetime) -> dict[str, Content | None]:
        """The hold beside the overlay."""
        return held(root, self.overlay.path, wanted, self.commit, now)

    def lines(self) -> Iterator[str]:
        """What goes back, for people."""
        yield f"{self.pin.team} {self.pin.environment}: {self.pin.commit[:12]} -> {self.commit[:12]}"
        yield from self.versions
        yield from (f"{name} goes back too" for name in self.others)


def plan(states: States, overlay: Overlay, pin: Pin, wanted: Wanted) -> Return:
    """Find the commit to go back to.

    Raises RefusedError where more would go back than may, and ScaffoldError where nothing else was ever released.
    """
    if not pin.commit:
        raise ScaffoldError(f"{pin.path} names no commit, so nothing of {pin.team} is released there")
    root, running = states.pinning.root, states.at_commit(pin.commit)
    if git.run(root, "status", "--porcelain", "--", pin.path).strip():
        raise ScaffoldError(f"{pin.path} has changes that are not committed; commit or remove them first")
    commit = _named(running, wanted.to) or _earlier(states, overlay, pin, wanted.to)
    back = states.at_commit(commit)
    others = tuple(full_name(item) for item in moving(running, back, pin) if item.path != overlay.path)
    if others and not wanted.others:
        fact = f"{pin.path} is the pin of all of {pin.team}, so {', '.join(others)} would go back too"
        alone = f"--alone takes {full_name(overlay)} back in its own files, for the next release"
        raise RefusedError(f"{fact}; --with-others lets them, {alone}")
    came_to = [carried(Reading(s.root, s.layout, [o]), o) for s in (running, back) if (o := _overlay(s, overlay))]
    return Return(pin, overlay, commit, others, tuple(versions(*came_to)) if len(came_to) > 1 else ())


def _overlay(state: State, overlay: Overlay) -> Overlay | None:
    return next((item for item in state.layout.overlays.values() if item.path == overlay.path), None)


def _named(running: State, to: str) -> str:
    """The commit that a text names, if it names one."""
    if not to or to.startswith("-"):
        return ""
    return git.run(running.root, "rev-parse", "--verify", "--quiet", f"{to}^{{commit}}", check=False).strip()


def _earlier(states: States, overlay: Overlay, pin: Pin, version: str) -> str:
    """The newest commit that was released before, has the application otherwise, and was never gone back from."""
    moves = list(pins.history(states.pinning.root, pin))
    bad = {pin.commit, *(commit for move in moves for commit in move.undid.split(",") if commit)}
    refused = [found for commit in sorted(bad) if (found := _files(states, overlay, commit))]
    for commit in dict.fromkeys(move.commit for move in moves if move.commit and move.commit not in bad):
        found = _files(states, overlay, commit)
        if found and found not in refused and _holds(found, version):
            return commit
    what = f"{full_name(overlay)} {version}".strip()
    raise ScaffoldError(f"no earlier commit that {pin.path} named has another {what}; name a commit with --to")


def _files(states: States, overlay: Overlay, commit: str) -> dict[str, Content | None]:
    """What an application was in a commit; nothing where it was not there."""
    state = states.at_commit(commit)
    found = _overlay(state, overlay)
    return files(state, found) if found else {}


def _holds(found: dict[str, Content | None], version: str) -> bool:
    pattern = re.compile(rf"(?<![\w.-]){re.escape(version)}(?![\w.-])".encode())
    return not version or any(pattern.search(content.data) for content in found.values() if content)


def message(found: Return, wanted: Wanted) -> str:
    """The commit message, with the trailers that a later rollback reads."""
    title = f"Roll back {full_name(found.overlay)} in {found.pin.environment} to {found.commit[:12]}"
    until = [f"Held until {instants.written(wanted.until)}."] if wanted.until else []
    parts = [[wanted.reason], list(found.lines()), until]
    body = "\n\n".join("\n".join(part) for part in parts if part)
    trailers = (
        f"Rolled-back-to: {found.commit}",
        f"Environment: {found.pin.environment}",
        f"Rolled-back-from: {found.pin.commit}",
    )
    return f"{title}\n\n{body}\n\n" + "\n".join(trailers) + "\n"
