"""Where environments are at: on branches of their own, at the commits of pins, or in the files at hand."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from scaffold import git, pins, publish
from scaffold.errors import ScaffoldError
from scaffold.followed.state import State
from scaffold.followed.tips import Tips
from scaffold.model import Layer, Overlay, Repository
from scaffold.pins import Pin
from scaffold.settings import Settings
from scaffold.since import Past


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
        self._fleet, self._tips = fleet, Tips(root, remote, fresh=fresh)
        self._read: dict[tuple[str, str], State] = {}

    @cached_property
    def here(self) -> State:
        """The files at hand."""
        return State(self._root, self.settings)

    def of(self, environment: str) -> State:
        """What an environment has; raises ScaffoldError where its branch is not there."""
        return self.on(branch_of(self.settings, environment))

    def pin(self, overlay: Overlay) -> Pin | None:
        """The pin that decides what an overlay's environment runs of its team, if there is one."""
        return pins.find(self.pinning.root, self.pinning.layout.layers, overlay.team, overlay.environment)

    def running(self, overlay: Overlay) -> State | None:
        """What the environment of an overlay is in: the commit of its pin, else `of`; none before the first release."""
        pin = self.pin(overlay)
        if pin is None:
            return self.of(overlay.environment)
        return self.at_commit(pin.commit) if pin.commit else None

    def pinned_elsewhere(self, environment: str, known: Iterable[Layer] | None = None) -> str:
        """The address of the fleet repository, where that says what an environment runs and is not given.

        Who has read the layers at hand already gives them, since to find them is to read the whole repository.
        """
        layers = self.here.layout.layers if known is None else known
        own = (layer.answers for layer in layers if layer.kind == "team-repo" and not layer.path)
        answers = next(own, {})
        found = next((item for item in self.settings.environments if item.name == environment), None)
        is_pinned = answers.get("engine") == "flux" and found is not None and found.gate == "manual"
        return str(answers.get("fleet_repository_url")) if is_pinned and not self._fleet else ""

    def past(self, overlay: Overlay) -> Past | None:
        """How what `running` gives came to be so."""
        pin, state = self.pin(overlay), self.running(overlay)
        return Past(state.root, pin, self.pinning.root) if state else None

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
        return self._state(self._tips.commit(branch), branch)

    def at_commit(self, commit: str) -> State:
        """What a commit has; raises ScaffoldError where it is not here."""
        if not git.attempt(self._root, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}").ok:
            raise ScaffoldError(f"commit {commit} is not here; fetch it: git fetch {self._remote} {commit}")
        return self._state(commit)

    def published(self, environment: str) -> str:
        """The newest commit that an environment could get, of its own branch or of the trunk.

        It is the one that was fetched last, or that the remote has.
        """
        return self._tips.commit(branch_of(self.settings, environment) or self._trunk())

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
        return bool(branch_of(self.settings, environment))

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
        return self._tips.trunk(self.here.layout.layers)

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
        branch = branch_of(self.settings, environment)
        if branch not in ("", self.at):
            fact = f"{environment!r} follows branch {branch!r}, which is not checked out here"
            raise ScaffoldError(f"{fact}; --pull-request or --push commits there, or 'git switch {branch}' first")


def branch_of(known: Settings, environment: str) -> str:
    """The branch that an environment has for itself; empty where it has none."""
    return next((item.branch for item in known.environments if item.name == environment), "")
