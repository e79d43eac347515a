"""Changes that bring a version into an environment past the stage before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scaffold import git, publish, survey
from scaffold.bump import sites
from scaffold.bump.reading import Reading
from scaffold.errors import ScaffoldError
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
        said = f"{self.overlay.environment} gets {self.what} {self.version}, which {self.stage} had not before"
        return f"{self.place}: error: {said}; promote it to {self.stage} first"


def skips(root: Path, revision: str) -> list[Skip]:
    """What skips a stage among the changes since a revision, in the order of overlays.

    What an environment had before may come back. An application without an overlay in an earlier stage is free, and so
    is everything where no order is declared. Raises ToolError for an unknown revision.
    """
    changed = git.changed_since(root, git.merge_base(root, revision))
    after = survey.survey(root)
    if not after.conventions.declared:
        raise ScaffoldError("nothing declares the order of environments; do so in .gitops-scaffold.yaml")
    with publish.checkout(root, revision) as tree:
        before = survey.survey(tree)
        checking = _Checking(root, after, tree, before, revision)
        return [skip for overlay in _touched(after, changed) for skip in checking.skips(overlay)]


def _touched(repository: Repository, changed: frozenset[str]) -> Iterator[Overlay]:
    unique = {overlay.path: overlay for overlay in repository.overlays.values()}
    for overlay in unique.values():
        if overlay.application and overlay.environment and not changed.isdisjoint(overlay.reads):
            yield overlay


class _Checking:
    def __init__(self, root: Path, after: Repository, tree: Path, before: Repository, revision: str) -> None:
        self._root, self._after, self._tree, self._before, self._revision = root, after, tree, before, revision

    def skips(self, overlay: Overlay) -> Iterator[Skip]:
        sources = [self._at_revision(item) for item in stages.before(self._after, overlay)]
        known = [item for item in sources if item]
        if not known:
            return
        stage = " and ".join(item.environment for item in stages.before(self._after, overlay))
        ours, had = carried(self._reading(overlay), overlay), self._at_revision(overlay)
        theirs = [self._carried(item) for item in known]
        own = self._carried(had) if had else None
        for image in _new_images(ours, own, theirs):
            if not self._had(overlay, image.digest or image.tag):
                yield Skip(self._place(overlay, image), overlay, image.name, image.version, stage)
        for (owner, pointer), version in ours.charts.items():
            before = [item.charts.get((owner, pointer), "") for item in (*theirs, *([own] if own else []))]
            if any(before) and version not in before and not self._had(overlay, version):
                yield Skip(overlay.path, overlay, owner.partition("/")[2], version, stage)

    def _at_revision(self, overlay: Overlay) -> Overlay | None:
        return next((item for item in self._before.overlays.values() if item.path == overlay.path), None)

    def _carried(self, overlay: Overlay) -> Carried:
        return carried(Reading(self._tree, self._before, [overlay]), overlay)

    def _reading(self, overlay: Overlay) -> Reading:
        return Reading(self._root, self._after, [overlay])

    def _had(self, overlay: Overlay, version: str) -> bool:
        """Tell whether a file of the overlay held a version at some time before."""
        arguments = ("log", "-1", "--format=%H", f"-S{version}", self._revision, "--", *overlay.reads)
        return bool(git.run(self._root, *arguments, check=False).strip())

    def _place(self, overlay: Overlay, image: Image) -> str:
        reading = self._reading(overlay)
        try:
            found = list(sites.settings(reading, overlay, image))
        except ScaffoldError:
            return overlay.path
        return reading.place(found[0]) if found else overlay.path


def _new_images(ours: Carried, own: Carried | None, theirs: list[Carried]) -> Iterator[Image]:
    """The images whose version neither the environment nor the stage before it had; one that is new there is free."""
    for name, image in ours.images.items():
        versions = {item.images[name].version for item in (*theirs, *([own] if own else [])) if name in item.images}
        if versions and image.version not in versions:
            yield image
