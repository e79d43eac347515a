"""The tree that a promotion is written into: an environment's, with what is not its own as the stage before has it.

Where environments are directories of one branch, that is the tree at hand. Where each has a branch, the base of an
application, its components and charts stand in every branch, and go along.
"""

from __future__ import annotations

import contextlib
import dataclasses
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from scaffold import answers, git, publish, staging
from scaffold.choice import chosen, full_name
from scaffold.errors import RefusedError, ScaffoldError
from scaffold.followed import State, States
from scaffold.model import Overlay, Repository
from scaffold.promote import stages
from scaffold.since import Past
from scaffold.staging import Content

Contents = Mapping[str, Content | None]


class Origin(NamedTuple):
    """Where something comes from: an environment by its name, or the trunk by its branch; and the overlay there.

    `past` is how an environment came to have it; the trunk has none.
    """

    name: str
    state: State
    overlay: Overlay
    past: Past | None

    @property
    def is_environment(self) -> bool:
        return self.past is not None


@dataclass(frozen=True)
class Cut:
    """The states that a promotion is about; `known` has the overlays of every environment, whatever state they are in.

    `brought` are the files that go along, by the overlay that they are for; `tree` has them all.
    """

    states: States
    environment: str
    known: Repository
    tree: State
    brought: dict[str, Contents] = field(default_factory=dict)

    @property
    def is_branched(self) -> bool:
        found = self.known.conventions.environment(self.environment)
        return found is not None and bool(found.branch)

    def overlays(self, applications: tuple[str, ...]) -> list[Overlay]:
        """The overlays of the environment that are asked for; raises as `chosen` does."""
        return chosen(self.known, self.environment, applications)

    def origins(self, overlay: Overlay, named: str) -> list[Origin]:
        """Where the overlay's promotion comes from, one or more that have to agree.

        Raises as `stages.sources` does, and RefusedError where the application is not in the stage before yet.
        """
        if self.is_branched and not named and not stages.before(self.known, overlay):
            trunk = self.states.trunk
            there = trunk.overlay(overlay.path) or overlay
            return [Origin(trunk.branch or self.states.at, trunk, there, None)]
        return [origin(self.states, item) for item in stages.sources(self.known, overlay, named)]

    def every(self, overlay: Overlay) -> Iterator[tuple[State, Overlay]]:
        """The overlays of the application in the order of promotion, each as its environment has it."""
        for item in stages.every(self.known, overlay):
            state = self.tree if item.environment == self.environment else self.states.running(item)
            found = state.overlay(item.path) if state else None
            if state and found:
                yield state, found


def origin(states: States, overlay: Overlay) -> Origin:
    """What an environment has of an application; raises RefusedError where it has nothing of it yet."""
    state = states.running(overlay)
    found = state.overlay(overlay.path) if state else None
    if state is None or found is None:
        fact = f"{full_name(overlay)} is not in {overlay.environment!r} yet"
        raise RefusedError(f"{fact}; promote it there first")
    return Origin(overlay.environment, state, found, states.past(overlay))


def cut(states: States, environment: str) -> Cut:
    """What there is before anything is brought."""
    target = states.of(environment)
    plain = Cut(states, environment, target.repository, target)
    if not plain.is_branched:
        return dataclasses.replace(plain, known=states.everywhere)
    overlays = {**states.trunk.repository.overlays, **target.repository.overlays}
    return dataclasses.replace(plain, known=dataclasses.replace(target.repository, overlays=overlays))


@contextlib.contextmanager
def bringing(found: Cut, brought: dict[str, Contents]) -> Iterator[Cut]:
    """The same with a tree that has what is brought, for a while.

    Raises ScaffoldError where a file that would be written has changes that are not committed.
    """
    contents = {path: content for each in brought.values() for path, content in each.items()}
    if not contents:
        yield found
        return
    _refuse_uncommitted(found.tree.root, contents)
    with publish.checkout(found.tree.root, "HEAD") as root:
        staging.files(root, contents)
        tree = State(root, found.states.settings, found.tree.branch)
        yield dataclasses.replace(found, tree=tree, brought=brought)


def brought(found: Cut, overlay: Overlay, origins: Iterable[Origin]) -> Contents:
    """The files that go along with an overlay and differ; raises RefusedError where its origins disagree about them."""
    if not found.is_branched:
        return {}
    each = [(origin, {**_brought(found.tree, overlay, origin), **_late(found, overlay, origin)}) for origin in origins]
    (first, contents), *others = each
    for other, theirs in others:
        if theirs != contents:
            fact = f"{first.name!r} and {other.name!r} have different files of {full_name(overlay)}"
            raise RefusedError(f"{fact}; name one with --from")
    return contents


def _brought(target: State, overlay: Overlay, origin: Origin) -> Contents:
    is_there = (target.root / overlay.path).is_dir()
    paths = _shared(target, overlay, origin) if is_there else _whole(target, overlay, origin)
    theirs = {path: staging.read(origin.state.root / path) for path in sorted(set(paths))}
    return {path: content for path, content in theirs.items() if content != staging.read(target.root / path)}


def _shared(target: State, overlay: Overlay, origin: Origin) -> Iterator[str]:
    """What stands outside of overlays and is read; a directory that the origin has not at all stays as it is."""
    copies = (origin.overlay, origin.state.overlay(overlay.path), target.overlay(overlay.path))
    reads = {path for item in copies if item for path in item.reads}
    inside = [item.path for state in (target, origin.state) for item in state.repository.overlays.values()]
    for path in reads:
        is_own = any(path.startswith(f"{directory}/") for directory in inside)
        if not is_own and (origin.state.root / posixpath.dirname(path)).is_dir():
            yield path


def _whole(target: State, overlay: Overlay, origin: Origin) -> Iterator[str]:
    """The application with all that it reads, and its team, for an environment that has nothing of them."""
    copies = (origin.overlay, origin.state.overlay(overlay.path))
    yield from (path for item in copies if item for path in item.reads)
    for layer in origin.state.repository.layers:
        own = layer.kind == "app" and overlay.path.startswith(f"{layer.path}/")
        team = layer.kind == "team" and layer.answers.get("team") == overlay.team
        if own or (team and not (target.root / layer.path).exists()):
            yield from (posixpath.join(layer.path, path) for path in staging.tree(origin.state.root / layer.path))


def _late(found: Cut, overlay: Overlay, origin: Origin) -> Contents:
    """What an application has for an environment that it got later than the stage before did: as the trunk has it."""
    if (found.tree.root / overlay.path).is_dir() or origin.state.overlay(overlay.path):
        return {}
    trunk = found.states.trunk
    there = trunk.overlay(overlay.path)
    shared = {path for path in there.reads if not path.startswith(f"{overlay.path}/")} if there else set()
    layers = (layer.path for layer in trunk.repository.layers if layer.kind == "app")
    home = next((path for path in layers if overlay.path.startswith(f"{path}/")), overlay.path)
    files = {posixpath.join(home, path): content for path, content in staging.tree(trunk.root / home).items()}
    kept = {path for path in files if (origin.state.root / path).exists()} - {posixpath.join(home, answers.NAME)}
    return {path: content for path, content in files.items() if path not in shared | kept}


def _refuse_uncommitted(root: Path, contents: Contents) -> None:
    changed = git.run(root, "status", "--porcelain", "--untracked-files=all", "--", *contents).split("\n")[0]
    if changed:
        raise ScaffoldError(f"{changed[3:]} has changes that are not committed; commit or remove them first")
