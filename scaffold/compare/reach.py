"""What a change comes to where environments follow branches of their own, or pins.

What stands on an environment's branch counts for its applications alone. A change of the trunk reaches the rest at
once, and applications when they are promoted: it is compared with what the environment's branch has. Where a pin names
the commit that counts, a change waits for the pin to move; and what moves a pin is compared by the commits that it
leaves and comes to.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path

from scaffold import git, pins, publish, staging
from scaffold.compare.differences import Counts, differences
from scaffold.compare.nouns import Comparison, Difference
from scaffold.compare.owners import NOBODY, Owner, home, of, owners
from scaffold.compare.sides import Sides, first, sides
from scaffold.errors import ScaffoldError
from scaffold.followed import States
from scaffold.model import Overlay
from scaffold.pins import Pin
from scaffold.staging import Content
from scaffold.validate import Options, without_collection

Edit = tuple[str, Content | None]


def reached(root: Path, before: str, after: str, options: Options, states: States, own: str) -> Comparison:
    """Compare as `compare` does, each environment as it gets the change.

    `own` is the environment whose branch the change is for, empty for the trunk or where none has one.
    """
    with without_collection(), sides(root, before, after, options) as found:
        reach = _Reach(root, options, states, own, found)
        known = (*reach.direct(), *reach.promoted(), *reach.released())
        overlays = len(found.after.repository.overlays)
        return Comparison(before, after, known, reach.rendered, overlays, tuple(reach.notes))


class _Reach:
    """One change on its ways; `notes` and `rendered` are complete when every way was gone."""

    def __init__(self, root: Path, options: Options, states: States, own: str, found: Sides) -> None:
        self._root, self._options, self._states, self._own, self._found = root, options, states, own, found
        self._branches = {item.name: item.branch for item in states.settings.environments if item.branch}
        self._owners = owners(found.before.repository, found.after.repository)
        self.notes: list[str] = []
        self.rendered = 0

    def direct(self) -> Iterator[Difference]:
        """What is followed where the change is made."""
        for item in self._differences(self._found, self._is_followed):
            waits = self._pinned(self._owners.get(item.name, NOBODY))
            yield dataclasses.replace(item, waits=f"a move of the pin {waits}") if waits else item

    def promoted(self) -> Iterator[Difference]:
        """What environments get of the trunk when it is promoted there, each compared with its own branch."""
        for environment, branch in () if self._own else self._branches.items():
            with self._noted(environment):
                there = git.run(self._states.on(branch).root, "rev-parse", "HEAD").strip()
                with publish.checkout(self._root, there) as tree:
                    yield from self._promoted(environment, branch, tree)

    def released(self) -> Iterator[Difference]:
        """What pins bring that move."""
        for before, after in self._moves():
            with self._noted(f"{after.team} in {after.environment}"):
                for commit in filter(None, (before.commit, after.commit)):
                    self._states.at_commit(commit)
                opened = sides if before.commit else first
                with opened(self._root, before.commit, after.commit, self._options) as found:
                    yield from self._differences(found, Owner(after.team, after.environment).__eq__)

    @contextlib.contextmanager
    def _noted(self, what: str) -> Iterator[None]:
        """What cannot be read is said, and the rest is compared."""
        try:
            yield
        except ScaffoldError as error:
            self.notes.append(f"{what} is not compared: {error}")

    def _differences(self, found: Sides, counts: Counts) -> tuple[Difference, ...]:
        known, rendered = differences(found, self._options, counts)
        self.rendered += rendered
        return known

    def _is_followed(self, owner: Owner) -> bool:
        return owner.environment == self._own if self._own else owner.environment not in self._branches

    def _pinned(self, owner: Owner) -> str:
        """The pin that decides when an environment gets what changes, if one does; the trunk has those of branches."""
        if not owner.team:
            return ""
        root, layers = self._found.after.root, self._found.after.repository.layers
        elsewhere = self._states.pinned_elsewhere(owner.environment, layers)
        if elsewhere:
            return f"in {elsewhere}"
        if self._own:
            root, layers = self._states.trunk.root, self._states.trunk.layout.layers
        found = pins.find(root, layers, *owner)
        return found.path if found else ""

    def _promoted(self, environment: str, branch: str, tree: Path) -> Iterator[Difference]:
        contents = self._brought(environment, branch, tree)
        staging.files(tree, contents)
        if contents:
            with sides(tree, "HEAD", "", self._options) as found:
                for item in self._differences(found, lambda owner: owner.environment == environment):
                    yield dataclasses.replace(item, waits=f"its promotion to {branch}")

    def _brought(self, environment: str, branch: str, tree: Path) -> dict[str, Content | None]:
        """The files of the change that go to a branch: what overlays share, and the whole of a new application."""
        both = (self._found.before.repository, self._found.after.repository)
        overlays = {item.path: item for side in both for item in side.overlays.values() if of(item)}
        contents: dict[str, Content | None] = {}
        for overlay in overlays.values() if self._found.changed else ():
            if overlay.environment == environment:
                contents.update(self._of(overlay, tuple(f"{path}/" for path in overlays), branch, tree))
        return {path: content for path, content in contents.items() if content != staging.read(tree / path)}

    def _of(self, overlay: Overlay, inside: tuple[str, ...], branch: str, tree: Path) -> Iterator[Edit]:
        is_new = not (tree / overlay.path).is_dir()
        for path in sorted(self._found.changed):
            content = staging.read(self._found.after.root / path)
            is_own = path in overlay.reads or path.startswith(f"{home(overlay)}/")
            if is_own and (is_new or (path in overlay.reads and not path.startswith(inside))):
                yield path, content
            elif path.startswith(f"{overlay.path}/") and content != staging.read(tree / path):
                self.notes.append(f"{path}: {overlay.environment} follows {branch}, which has its own; change it there")

    def _moves(self) -> Iterator[tuple[Pin, Pin]]:
        """The pins that the change moves, as they were and as they are."""
        before, after = self._found.before, self._found.after
        teams = (layer for layer in after.repository.layers if layer.kind == "team" and not self._own)
        for layer in teams:
            for environment in after.repository.conventions.environments:
                path = f"{layer.path}/environments/{environment.name}/release.yaml"
                if path in self._found.changed:
                    owner = (str(layer.answers.get("team")), environment.name)
                    new, old = (pins.find(side.root, after.repository.layers, *owner) for side in (after, before))
                    if new and new.commit and new != old:
                        yield old or dataclasses.replace(new, commit=""), new
