"""What revisions name, and which files differ between them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from scaffold import git
from scaffold.errors import ToolError


def merge_base(directory: Path, revision: str) -> str:
    """The newest commit that a revision and what is checked out have in common, else the revision itself."""
    return git.run(directory, "merge-base", revision, "HEAD", check=False).strip() or revision


def resolved(directory: Path, revision: str) -> str:
    """The whole hash of the commit that a revision names; raises ToolError where it names none."""
    named = git.run(
        directory, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", check=False
    )
    if not named:
        raise ToolError(f"revision {revision!r} names no commit here; {_remedy(directory)}")
    return named.strip()


def _remedy(directory: Path) -> str:
    """What to do where a commit is not there."""
    if git.top(directory) is None:
        return "go to a Git repository"
    if git.run(directory, "rev-parse", "--is-shallow-repository", check=False).strip() == "true":
        return "this clone is shallow, so fetch the rest with 'git fetch --unshallow'"
    return "name a branch, a tag or a commit"


def parting(directory: Path, one: str, other: str) -> str:
    """The newest commit that two revisions have in common; raises ToolError for one that is not there, and for none."""
    found = git.run(directory, "merge-base", resolved(directory, one), resolved(directory, other), check=False).strip()
    if not found:
        remedy = f"compare them as they are, by '{one}..{other}'"
        raise ToolError(f"{one!r} and {other!r} have no commit in common; {remedy}")
    return found


def changed_since(directory: Path, revision: str) -> frozenset[str]:
    """The files below a directory that a revision has otherwise, or not; raises ToolError for an unknown revision."""
    if revision.startswith("-"):
        raise ToolError(f"revision {revision!r} begins with a dash; name a branch, a tag or a commit")
    resolved(directory, revision)
    untracked = git.run(directory, "ls-files", "-z", "--others", "--exclude-standard")
    return frozenset((*differing(directory, revision), *filter(None, untracked.split("\0"))))


def differing(directory: Path, *revisions: str, among: Collection[str] = (), only: str = "") -> list[str]:
    """The files below a directory that two revisions, or one and what is there, have otherwise.

    One that was moved has both of its names. `only` are the letters of `--diff-filter`.
    """
    filters = [f"--diff-filter={only}"] if only else []
    options = ("--name-only", "-z", "--relative", "--no-renames", "--no-ext-diff", *filters)
    return [path for path in git.run(directory, "diff", *options, *revisions, "--", *among).split("\0") if path]
