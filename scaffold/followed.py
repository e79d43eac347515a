"""Where the state of an environment lives: in the files at hand, or in a branch of its own."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scaffold import git, pins, publish, settings, survey
from scaffold.errors import ScaffoldError
from scaffold.model import Overlay, Repository
from scaffold.pins import Pin
from scaffold.settings import Settings

_TRUNKS = ("fleet", "team-repo")


@dataclass(frozen=True)
class State:
    """The directory that has a repository; `branch` is where it is from, empty for the files at hand.

    It is read with the settings that are given, when it is asked for first.
    """

    root: Path
    settings: Settings
    branch: str = ""

    @cached_property
    def repository(self) -> Repository:
        return survey.survey(self.root, self.settings)

    @cached_property
    def layout(self) -> Repository:
        """The same as far as directories say it, which is found at once where Flux is the engine."""
        return survey.survey(self.root, self.settings, flux=False)

    def overlay(self, path: str) -> Overlay | None:
        """The overlay of a directory, if it is there."""
        return self._by_path.get(path)

    @cached_property
    def _by_path(self) -> dict[str, Overlay]:
        found: dict[str, Overlay] = {}
        for item in self.repository.overlays.values():
            found.setdefault(item.path, item)
        return found


class States:
    """The states that environments are in; each is read when it is asked for first.

    `at` is the branch at hand; another one is as it was fetched last, or as the remote has it. What the settings at
    hand say counts for all, as those of a branch may be older.
    """

    def __init__(
        self,
        root: Path,
        known: Settings,
        at: str,
        remote: str,
        opened: contextlib.ExitStack,
        *,
        fresh: bool,
        fleet: Path | None = None,
    ) -> None:
        self._root, self.settings, self.at, self._remote, self._opened = root, known, at, remote, opened
        self._fresh, self._fleet = fresh, fleet
        self._read: dict[tuple[str, str], State] = {}
        self._tips: dict[str, str] = {}

    @cached_property
    def here(self) -> State:
        """The files at hand."""
        return State(self._root, self.settings)

    def of(self, environment: str) -> State:
        """What an environment has; raises ScaffoldError where its branch is not there."""
        return self.on(_branch(self.settings, environment))

    def pin(self, overlay: Overlay) -> Pin | None:
        """The pin that decides what an overlay's environment runs of its team, if there is one."""
        return pins.find(self.pinning.root, self.pinning.layout.layers, overlay.team, overlay.environment)

    def running(self, overlay: Overlay) -> State | None:
        """What the environment of an overlay is in: the commit of its pin, else `of`; none before the first release."""
        pin = self.pin(overlay)
        if pin is None:
            return self.of(overlay.environment)
        return self.at_commit(pin.commit) if pin.commit else None

    @cached_property
    def pinning(self) -> State:
        """Where pins stand: the trunk, or the fleet repository that is given beside a team's."""
        if self._fleet:
            return State(self._fleet, self.settings)
        return self.trunk if any(item.branch for item in self.settings.environments) else self.here

    def on(self, branch: str) -> State:
        """What a branch has; the files at hand where it is theirs, or none is named."""
        if branch in ("", self.at):
            return self.here
        return self._state(self._commit(branch), branch)

    def at_commit(self, commit: str) -> State:
        """What a commit has; raises ScaffoldError where it is not here."""
        if not git.attempt(self._root, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}").ok:
            raise ScaffoldError(f"commit {commit} is not here; fetch it: git fetch {self._remote} {commit}")
        return self._state(commit)

    def published(self, environment: str) -> str:
        """The newest commit that an environment could get, of its own branch or of the trunk.

        It is the one that was fetched last, or that the remote has.
        """
        return self._commit(_branch(self.settings, environment) or self._trunk())

    def _state(self, commit: str, branch: str = "") -> State:
        if (commit, branch) not in self._read:
            tree = self._opened.enter_context(publish.checkout(self._root, commit))
            self._read[commit, branch] = State(tree, self.settings, branch)
        return self._read[commit, branch]

    @cached_property
    def everywhere(self) -> Repository:
        """The repository at hand, with the overlays of every environment as that has them."""
        apart, here = self.apart, self.here.repository
        overlays = {name: item for name, item in here.overlays.items() if item.environment not in apart}
        for environment, state in apart.items():
            found = state.repository.overlays.items()
            overlays.update((name, item) for name, item in found if item.environment == environment)
        return dataclasses.replace(here, overlays=overlays)

    def is_apart(self, environment: str) -> bool:
        """Tell whether an environment has a branch of its own."""
        return bool(_branch(self.settings, environment))

    @property
    def branches(self) -> dict[str, str]:
        """The branches of the environments whose state is not at hand."""
        return {item.name: item.branch for item in self.settings.environments if item.branch not in ("", self.at)}

    @property
    def apart(self) -> dict[str, State]:
        """The states of those environments."""
        return {environment: self.on(branch) for environment, branch in self.branches.items()}

    @property
    def trunk(self) -> State:
        """What goes to the environments of the first stage, where those have branches of their own.

        Raises ScaffoldError where neither an answers file nor the remote says which branch that is.
        """
        return self.on(self._trunk())

    def _trunk(self) -> str:
        layers = self.here.layout.layers
        answered = (layer.answers.get("branch") for layer in layers if layer.kind in _TRUNKS and not layer.path)
        named = next((name for name in answered if isinstance(name, str)), "") or git.default(self._root, self._remote)
        if not named:
            fact = f"nothing says which branch changes begin on, and {self._remote!r} has no default"
            raise ScaffoldError(f"{fact}; name it: git remote set-head {self._remote} BRANCH")
        return named

    def named(self, revision: str) -> str:
        """The environment whose branch a revision names; empty for another branch, or where none has one of its own.

        Raises ScaffoldError where environments have and it names no branch at all, a commit say.
        """
        branched = [item for item in self.settings.environments if item.branch]
        if not branched:
            return ""
        name = git.full_name(self._root, revision)
        if not name:
            fact = f"revision {revision!r} names no branch, and environments have branches of their own"
            raise ScaffoldError(f"{fact}; name the one that counts, such as {self._remote}/{branched[0].branch}")
        heads = ("refs/heads/", f"refs/remotes/{self._remote}/")
        return next((item.name for item in branched if name in {head + item.branch for head in heads}), "")

    def refuse_elsewhere(self, environment: str) -> None:
        """Raise ScaffoldError where the files at hand are not those of an environment."""
        branch = _branch(self.settings, environment)
        if branch not in ("", self.at):
            fact = f"{environment!r} follows branch {branch!r}, which is not checked out here"
            raise ScaffoldError(f"{fact}; --pull-request or --push commits there, or 'git switch {branch}' first")

    def _commit(self, branch: str) -> str:
        if branch not in self._tips:
            self._tips[branch] = self._tip(branch)
        return self._tips[branch]

    def _tip(self, branch: str) -> str:
        tip = publish.fetched if self._fresh else git.tip
        found = tip(self._root, self._remote, branch)
        if not found:
            made = f"git push {self._remote} HEAD:refs/heads/{branch}"
            raise ScaffoldError(f"branch {branch!r} is not here; fetch it, or make it with '{made}'")
        return found


@contextlib.contextmanager
def states(
    root: Path,
    *,
    home: Path | None = None,
    at: str = "",
    remote: str = "origin",
    fresh: bool = False,
    fleet: Path | None = None,
) -> Iterator[States]:
    """The states of a repository; `at` is the branch that is at hand (default: the one that is checked out).

    `home` is where the settings are read, if not there. With `fresh` the remote is asked for its branches. `fleet` is
    the repository that has the pins of a team's.
    """
    known = settings.read(home or root)
    branched = any(item.branch for item in known.environments)
    with contextlib.ExitStack() as opened:
        yield States(
            root, known, at or (_checked_out(root, known) if branched else ""), remote, opened, fresh=fresh, fleet=fleet
        )


def branch(root: Path, environment: str) -> str:
    """The branch that an environment has for itself; empty where it has none."""
    return _branch(settings.read(root), environment)


def _branch(known: Settings, environment: str) -> str:
    return next((item.branch for item in known.environments if item.name == environment), "")


def _checked_out(root: Path, known: Settings) -> str:
    """The branch that is checked out; one that tracks an environment's is for that."""
    name, upstream = git.checked_out(root)
    return upstream if any(item.branch == upstream for item in known.environments) else name
