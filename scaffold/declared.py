"""What is declared for every environment: the files at hand, with what its branch or its pins say of applications.

Such a commit counts for applications alone, so each is read beside what the files at hand say of the rest.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scaffold import followed, git, staging, validate
from scaffold.errors import ScaffoldError
from scaffold.followed import States
from scaffold.model import Application, Overlay, Repository
from scaffold.model.flux import Sync
from scaffold.since import Past
from scaffold.validate import Options

_CHARTS = "charts"


@dataclass(frozen=True)
class Declared:
    """The repository with what overlays render to, each as its environment has it; `home` has the files at hand.

    `apart` are the directories of environments that have others, with how they came to have them, by name and by the
    team that is pinned there, if one is, None before its first release; `notes` say of which ones nothing is known.
    """

    home: Path
    repository: Repository
    apart: dict[tuple[str, str], Past | None]
    notes: tuple[str, ...]

    def past(self, overlay: Overlay) -> Past | None:
        """The directory that has an overlay as its environment has it, and how that came to be; None for nothing."""
        keys = _keys(overlay) if overlay.application else ()
        return next((self.apart[key] for key in keys if key in self.apart), Past(self.home))

    def root(self, path: str) -> Path:
        """The directory that has a file: that of the environment that only this one has, else the files at hand."""
        every = (self.home, *(past.root for past in self.apart.values() if past))
        return next((root for root in every if (root / path).is_file()), self.home)


@contextlib.contextmanager
def declared(root: Path, options: Options, fleet: Path | None = None) -> Iterator[Declared]:
    """Render a repository, the applications of each environment from its branch; raises as `validate` does.

    `fleet` is the repository that has the pins of a team's. An environment whose branch or pin is not here is as the
    files at hand have it, with a note.
    """
    home = validate.rendered(root, options)
    apart: dict[tuple[str, str], Past | None] = {}
    notes: list[str] = []
    with followed.states(root, fleet=fleet) as states:
        repository = home
        for environment, team, past in _pasts(states, home, root, notes):
            other = validate.rendered(past.root, options) if past else _bare(home)
            repository = _joined(repository, other, environment, team)
            apart[environment, team] = past
        yield Declared(root, repository, apart, tuple(notes))


def _pasts(states: States, home: Repository, root: Path, notes: list[str]) -> Iterator[tuple[str, str, Past | None]]:
    """What environments have otherwise than at hand, those of one team last; none where nothing was released yet."""
    for environment, branch in states.branches.items():
        try:
            yield environment, "", Past(_composed(home, root, states.on(branch).root))
        except ScaffoldError as error:
            notes.append(f"{environment} is shown as the files at hand have it: {error}")
    applications = (overlay for overlay in home.overlays.values() if overlay.application)
    for overlay in {(item.team, item.environment): item for item in applications}.values():
        where = states.pinned_elsewhere(overlay.environment)
        if where:
            notes.append(f"{overlay.environment} is shown as the files at hand have it: its pin stands in {where}")
            continue
        try:
            pin = states.pin(overlay)
            tree = states.at_commit(pin.commit).root if pin and pin.commit else None
            if pin:
                composed = _composed(home, root, tree, pin.team) if tree else None
                yield pin.environment, pin.team, Past(composed, pin, states.pinning.root) if composed else None
        except ScaffoldError as error:
            notes.append(f"{overlay.team} in {overlay.environment} is shown as the files at hand have it: {error}")


def _composed(home: Repository, root: Path, tree: Path, team: str = "") -> Path:
    """A tree, but for what does not count there, which is as at hand; the applications of other teams are left out."""
    of_applications = {overlay.path.partition("/")[0] for overlay in home.overlays.values() if overlay.application}
    kept = frozenset((*of_applications, _CHARTS))
    others = tuple(f"{item.path}/" for item in home.overlays.values() if item.application and item.team != team)
    gone = dict.fromkeys([*_rest(tree, kept), *(_below(tree, others) if team else ())])
    staging.files(tree, {**gone, **{path: staging.read(root / path) for path in _rest(root, kept)}})
    return tree


def _below(tree: Path, directories: tuple[str, ...]) -> Iterator[str]:
    return (path for path in staging.tree(tree) if path.startswith(directories))


def _bare(home: Repository) -> Repository:
    """A repository whose applications deploy nothing."""
    overlays = {name: dataclasses.replace(item, objects=()) for name, item in home.overlays.items()}
    return dataclasses.replace(home, overlays=overlays)


def _keys(overlay: Overlay) -> tuple[tuple[str, str], ...]:
    return ((overlay.environment, overlay.team), (overlay.environment, ""))


def _rest(root: Path, kept: frozenset[str]) -> Iterator[str]:
    listed = git.run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    return (path for path in listed if path and path.partition("/")[0] not in kept)


def _joined(one: Repository, other: Repository, environment: str, team: str) -> Repository:
    """A repository with the applications that an environment has in another one, all of them or those of a team."""

    def overlays(repository: Repository) -> dict[str, Overlay]:
        found = repository.overlays.items()
        return {name: item for name, item in found if item.application and (environment, team) in _keys(item)}

    mine, theirs = overlays(one), overlays(other)
    rest = {name: item for name, item in one.overlays.items() if name not in mine}
    applications = [item for item in one.applications if not _deploys(item, mine)]
    applications += [item for item in other.applications if _deploys(item, theirs)]
    brought: dict[str, list[Sync]] = {}
    for cluster in other.flux:
        brought.setdefault(cluster.name, []).extend(sync for sync in cluster.syncs if _builds(sync, theirs))
    clusters = (
        dataclasses.replace(
            cluster,
            syncs=(
                *(sync for sync in cluster.syncs if not _builds(sync, mine)),
                *brought.pop(cluster.name, ()),  # of several without a name the first
            ),
        )
        for cluster in one.flux
    )
    below = tuple(f"{item.path}/" for item in theirs.values())
    files = {path: file for path, file in other.files.items() if path.startswith(below)}
    known = {path: item for path, item in other.kustomizations.items() if f"{path}/" in below}
    return dataclasses.replace(
        one,
        overlays={**rest, **theirs},
        applications=tuple(applications),
        flux=tuple(clusters),
        files={**one.files, **files},
        kustomizations={**one.kustomizations, **known},
    )


def _deploys(application: Application, overlays: dict[str, Overlay]) -> bool:
    return any(source.here and source.path in overlays for source in application.sources)


def _builds(sync: Sync, overlays: dict[str, Overlay]) -> bool:
    return (sync.overlay or sync.path) in overlays
