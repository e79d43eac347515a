"""Where the state of an environment lives: in the files at hand, in a branch of its own, or in the commit of a pin."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from scaffold import git, settings
from scaffold.followed.state import State
from scaffold.followed.states import States, branch_of
from scaffold.settings import Settings

__all__ = ["State", "States", "branch", "states"]


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
    return branch_of(settings.read(root), environment)


def _checked_out(root: Path, known: Settings) -> str:
    """The branch that is checked out; one that tracks an environment's is for that."""
    name, upstream = git.checked_out(root)
    return upstream if any(item.branch == upstream for item in known.environments) else name
