"""Where pins stand and how they leave the machine: the repository at hand, its trunk, or the fleet beside a team's."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.commands.delivery import Delivery

if TYPE_CHECKING:
    from scaffold.followed import States
    from scaffold.publish import Proposal
    from scaffold.staging import Content

fleet_option = click.option(
    "--fleet",
    type=click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True),
    help="The fleet repository, where a team's own repository is pinned by that.",
)


@dataclass(frozen=True)
class Pinned:
    """How changes leave the machine; `fleet` is the repository that has the pins, if that is another one."""

    chosen: Delivery
    fleet: Path | None

    @property
    def root(self) -> Path:
        """The repository that has the pins."""
        return self.fleet or self.chosen.root

    @contextlib.contextmanager
    def states(self, *, fresh: bool) -> Iterator[States]:
        """The states of the repository at hand; with `fresh` the remote is asked for its branches."""
        from scaffold import followed

        with followed.states(self.chosen.root, remote=self.chosen.remote, fresh=fresh, fleet=self.fleet) as states:
            yield states

    @contextlib.contextmanager
    def at_tip(self, tree: Path, branch: str) -> Iterator[States]:
        """The states with the repository that has the pins as a tree, its remote's tip, has it."""
        from scaffold import followed

        root, remote = self.chosen.root, self.chosen.remote
        if self.fleet:
            with followed.states(root, remote=remote, fresh=True, fleet=tree) as states:
                yield states
            return
        with followed.states(tree, home=root, at=branch, remote=remote, fresh=True) as states:
            yield states

    def note_elsewhere(self, environment: str) -> None:
        """Say that what was done changes nothing there yet, where the pin stands in a repository that is not given."""
        with self.states(fresh=False) as states:
            where = states.pinned_elsewhere(environment)
        if where:
            click.echo(f"what {environment} runs, a pin in {where} says; --fleet PATH moves it", err=True)

    def branch(self, states: States) -> str:
        """The branch that pins are pushed to."""
        from scaffold import git

        named = "" if self.fleet else states.pinning.branch or self.chosen.branch
        return named or git.branch(self.root)

    def deliver(self, branch: str, head: str, propose: Callable[[States, Path], Proposal]) -> None:
        """Push a commit that moves pins, to a branch of its own for a pull request."""

        def proposed(tree: Path) -> Proposal:
            with self.at_tip(tree, branch) as states:
                return propose(states, tree)

        chosen = dataclasses.replace(self.chosen, root=self.root, branch=branch)
        chosen.deliver(proposed, head if chosen.pull_request else "")

    def write(self, states: States, contents: Mapping[str, Content | None]) -> None:
        """Write pins into the files at hand; raises ScaffoldError where those are of another branch."""
        from scaffold import staging
        from scaffold.errors import ScaffoldError

        branch = states.pinning.branch
        if branch:
            fact = f"pins stand on branch {branch!r}, which is not checked out here"
            raise ScaffoldError(f"{fact}; --pull-request or --push commits there, or 'git switch {branch}' first")
        staging.files(self.root, contents)
