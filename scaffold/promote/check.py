"""Changes that bring a version into an environment past the stage before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scaffold import git, publish, revisions
from scaffold.bump import sites
from scaffold.bump.reading import Reading
from scaffold.choice import full_name
from scaffold.errors import ScaffoldError
from scaffold.followed import State, States
from scaffold.model import Image, Overlay, Repository
from scaffold.promote import stages
from scaffold.promote.carried import Carried, carried


class Skip(NamedTuple):
    """A version that an environment gets before the stage before it had it."""

    place: str
    overlay: Overlay
    what: str
    version: str
    stage: str

    def __str__(self) -> str:
        what = " ".join(part for part in (self.what, self.version) if part)
        said = f"{self.overlay.environment} gets {what}, which {self.stage} had not before"
        return f"{self.place}: error: {said}; promote it to {self.stage} first"


def skips(states: States, revision: str) -> list[Skip]:
    """What skips a stage among the changes since a revision, in the order of overlays.

    What an environment had before may come back. An application without an overlay in an earlier stage is free. Where
    environments have branches of their own, the revision is the branch that the changes are for, and they count for
    its environment alone, a base there as well. Raises ToolError for an unknown revision, and ScaffoldError where no
    order is declared.
    """
    root, after = states.here.root, states.here.repository
    changed = revisions.changed_since(root, revisions.merge_base(root, revision))
    if not after.conventions.declared:
        raise ScaffoldError("nothing declares the order of environments; do so in .gitops-scaffold.yaml")
    with publish.checkout(root, revision) as tree:
        before = State(tree, states.settings)
        checking = _Checking(states, before, changed)
        own = states.named(revision)
        overlays = (
            item
            for item in _touched(after, changed)
            if item.environment == own or not states.is_apart(item.environment)
        )
        found = {str(skip): skip for overlay in overlays for skip in checking.skips(overlay)}  # a file has many readers
        return list(found.values())


def _touched(repository: Repository, changed: frozenset[str]) -> Iterator[Overlay]:
    unique = {overlay.path: overlay for overlay in repository.overlays.values()}
    for overlay in unique.values():
        if overlay.application and overlay.environment and not changed.isdisjoint(overlay.reads):
            yield overlay


class _Checking:
    def __init__(self, states: States, before: State, changed: frozenset[str]) -> None:
        self._states, self._here, self._before, self._changed = states, states.here, before, changed

    def skips(self, overlay: Overlay) -> Iterator[Skip]:
        stage_before = stages.before(self._here.repository, overlay)
        states = [(state, item.path) for item in stage_before if (state := self._state(item))]
        sources = [(state, found) for state, path in states if (found := state.overlay(path))]
        stage = " and ".join(item.environment for item in stage_before)
        if not sources:
            if any(self._is_apart(item) for item in stage_before):
                yield Skip(overlay.path, overlay, full_name(overlay), "", stage)
            return
        ours, had = _carried(self._here, overlay), self._before.overlay(overlay.path)
        theirs = [_carried(state, item) for state, item in sources]
        own = _carried(self._before, had) if had else None
        looked_at = [(self._before, overlay), *((state, item) for state, item in sources if state is not self._before)]
        if self._states.is_apart(overlay.environment):
            yield from self._shared(overlay, looked_at, stage)
        for image in _new_images(ours, own, theirs):
            if not _had(looked_at, image.digest or image.tag):
                yield Skip(self._place(overlay, image), overlay, image.name, image.version, stage)
        for (owner, pointer), version in ours.charts.items():
            before = [item.charts.get((owner, pointer), "") for item in (*theirs, *([own] if own else []))]
            if any(before) and version not in before and not _had(looked_at, version):
                yield Skip(overlay.path, overlay, owner.partition("/")[2], version, stage)

    def _shared(self, overlay: Overlay, looked_at: list[tuple[State, Overlay]], stage: str) -> Iterator[Skip]:
        """What a branch has of its own outside of overlays: a base is promoted, not edited there."""
        inside = tuple(f"{item.path}/" for item in self._here.repository.overlays.values())
        for path in sorted(self._changed.intersection(overlay.reads)):
            if not path.startswith(inside) and not _had_file(self._here, path, (state for state, _ in looked_at)):
                yield Skip(path, overlay, "this file as it is now", "", stage)

    def _state(self, overlay: Overlay) -> State | None:
        """What counts for an environment of the stage before: its own branch or pin, else what the revision has."""
        return self._states.running(overlay) if self._is_apart(overlay) else self._before

    def _is_apart(self, overlay: Overlay) -> bool:
        return self._states.is_apart(overlay.environment) or self._states.pin(overlay) is not None

    def _place(self, overlay: Overlay, image: Image) -> str:
        reading = Reading.of(self._here, overlay)
        try:
            found = list(sites.settings(reading, overlay, image))
        except ScaffoldError:
            return overlay.path
        return reading.place(found[0]) if found else overlay.path


def _carried(state: State, overlay: Overlay) -> Carried:
    return carried(Reading.of(state, overlay), overlay)


def _had(looked_at: Iterable[tuple[State, Overlay]], version: str) -> bool:
    """Tell whether a file of one of some overlays held a version at some time before."""
    for state, overlay in looked_at:
        arguments = ("log", "-1", "--format=%H", f"-S{version}", "HEAD", "--", *overlay.reads)
        if git.run(state.root, *arguments, check=False).strip():
            return True
    return False


def _had_file(here: State, path: str, states: Iterable[State]) -> bool:
    """Tell whether a file had the content that it has now in one of some states, or before."""
    blob = git.run(here.root, "hash-object", "--", path).strip()
    arguments = ("log", "-1", "--format=%H", f"--find-object={blob}", "HEAD", "--", path)
    return any(git.run(state.root, *arguments, check=False).strip() for state in states)


def _new_images(ours: Carried, own: Carried | None, theirs: list[Carried]) -> Iterator[Image]:
    """The images whose version neither the environment nor the stage before it had; one that is new there is free."""
    for name, image in ours.images.items():
        versions = {item.images[name].version for item in (*theirs, *([own] if own else [])) if name in item.images}
        if versions and image.version not in versions:
            yield image
