"""How a command's changes leave the machine: the options that several commands have, and what they do."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold import forges

if TYPE_CHECKING:
    from scaffold.followed import States
    from scaffold.publish import Proposal

_OPTIONS = (
    click.option("--push", is_flag=True, help="Commit on the tip of the remote branch and push."),
    click.option("--pull-request", is_flag=True, help="Push to a branch of its own, one per application."),
    click.option("--remote", default="origin", show_default=True, metavar="NAME", help="Where to push."),
    click.option(
        "--branch",
        default="",
        metavar="NAME",
        help="The branch that counts (default: the environment's own, else the current one).",
    ),
    click.option(
        "--forge",
        default="",
        metavar=f"[{'|'.join(forges.NAMES)}]",
        help="Who opens pull requests (default: as the remote's address says).",
    ),
    click.option(
        "--repository",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        default=".",
        help="The repository, or a directory in it (default: here).",
    ),
)
_NAMES = ("push", "pull_request", "remote", "branch", "forge", "repository")


@dataclass(frozen=True)
class Delivery:
    """Where changes go; `root` is the top of the Git work tree, `branch` empty where none is named yet."""

    root: Path
    push: bool
    pull_request: bool
    remote: str
    branch: str
    forge: str

    def towards(self, environment: str) -> Delivery:
        """The same with the branch that counts for an environment."""
        from scaffold import followed, git

        branch = self.branch or followed.branch(self.root, environment) or git.branch(self.root)
        return dataclasses.replace(self, branch=branch)

    @contextmanager
    def states(self, environment: str, tree: Path | None = None, *, write: bool = False) -> Iterator[States]:
        """The states of environments; with `tree` that is what the one has, at the tip of the branch that counts.

        Raises ScaffoldError where the files at hand are to be written and are another environment's.
        """
        from scaffold import followed

        at = followed.branch(self.root, environment) if tree else ""
        fresh = tree is not None
        with followed.states(tree or self.root, home=self.root, at=at, remote=self.remote, fresh=fresh) as found:
            if write:
                found.refuse_elsewhere(environment)
            yield found

    def deliver(self, propose: Callable[[Path], Proposal], head: str = "") -> bool:
        """Commit and push; says what was pushed, and tells whether there was anything to push."""
        from scaffold import publish

        requests: list[forges.Request] = []

        def proposed(tree: Path) -> Proposal:
            made = propose(tree)
            title, _, body = made.message.partition("\n\n")
            requests.append(forges.Request(self.branch, head, title.strip(), body.strip()))
            return made._replace(options=forges.push_options(self.forge, requests[-1]) if head else ())

        target = publish.Target(self.remote, self.branch, head, review=bool(head) and forges.is_reviewed(self.forge))
        done = publish.push(self.root, target, proposed)
        if not done.commit:
            return False
        click.echo(f"pushed {done.commit[:12]} to {self.remote} {head or self.branch}", err=True)
        command = forges.command(self.forge, requests[-1]) if head else ""
        if done.again and command:
            click.echo(f"{head} was pushed before; if a request is open for it, it has this too", err=True)
        self._requested(done.said, command)
        return True

    def _requested(self, said: str, command: str) -> None:
        for line in said.splitlines():
            if line.startswith("remote:") and "http" in line:
                click.echo(line.removeprefix("remote:").strip(), err=True)
        if command:
            click.echo(command)


def options(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options; it gets them as one argument `chosen`."""

    @functools.wraps(function)
    def wrapped(**given: Any) -> int:
        own = {name: given.pop(name) for name in _NAMES}
        return function(chosen=_delivery(**own), **given)

    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def _delivery(*, push: bool, pull_request: bool, remote: str, branch: str, forge: str, repository: Path) -> Delivery:
    root = repository.resolve()
    forge = forge_of(root, remote, forge, asked=push or pull_request)
    return Delivery(root, push or pull_request, pull_request, remote, branch, forge)


def forge_of(root: Path, remote: str, named: str, *, asked: bool = True) -> str:
    """The forge that is named, which has to be a known one, else as the remote's address says if it is asked for."""
    from scaffold import git
    from scaffold.nearest import hint

    if named and named not in forges.NAMES:
        raise click.UsageError(f"forge {named!r} is unknown; {hint(named, forges.NAMES)}")
    return named or (forges.of(git.remote(root, remote)) if asked else "")
