"""Commits on the tip of a remote branch, made anew when somebody else was faster."""

from __future__ import annotations

import random
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from scaffold import git, staging
from scaffold.errors import ScaffoldError, ToolError
from scaffold.staging import Content

_ATTEMPTS = 40
_LONGEST = 2.0  # seconds between two attempts
_LOST = re.compile(
    r"non-fast-forward|fetch first|cannot lock ref|incorrect old value|failed to update ref|reference already exists"
    r"|stale info|\[rejected\]|remote rejected.*(?:lock|update)|unable to update local ref"
)


class Proposal(NamedTuple):
    """What a commit would hold: contents by path relative to the repository at hand, its message, push options."""

    contents: Mapping[str, Content | None]
    message: str
    options: tuple[str, ...] = ()


class Target(NamedTuple):
    """Where commits go: a branch of a remote, perhaps by way of a branch of its own.

    With `review` they go to `refs/for/`, which Gitea and Forgejo take for a pull request.
    """

    remote: str
    branch: str
    head: str = ""
    review: bool = False


class Published(NamedTuple):
    """The commit that was pushed, empty where there was nothing to change, and what the remote said.

    `again` tells that its own branch held a change before that is not merged.
    """

    commit: str
    said: str = ""
    again: bool = False


def push(root: Path, target: Target, propose: Callable[[Path], Proposal]) -> Published:
    """Ask for a proposal on the remote branch's tip, commit and push it; on a lost race begin again from the new tip.

    `propose` gets the repository as the tip has it and may raise to end everything. Commits are signed where git is
    told to sign. Raises ToolError where git fails for another reason, or never wins.
    """
    for attempt in range(_ATTEMPTS):
        tip, again = _begun(root, target)
        with checkout(root, tip) as tree:
            proposal = _proposed(root, tree, propose)
            if not proposal.contents:
                return Published("")
            commit = committed(tree, proposal)
            said = _pushed(root, target, commit, proposal.options, _tip(root, target))
        if said is not None:
            return Published(commit, said, again)
        time.sleep(random.uniform(0, min(_LONGEST, 0.05 * 2**attempt)))  # noqa: S311  # no secret
    raise ToolError(f"{target.remote} {target.branch!r} moved {_ATTEMPTS} times meanwhile; run again")


def _proposed(root: Path, tree: Path, propose: Callable[[Path], Proposal]) -> Proposal:
    """Ask for a proposal; what is said of the tree that is there for a while is said of the repository."""
    try:
        return propose(tree)
    except ScaffoldError as error:
        raise type(error)(str(error).replace(str(tree), str(root))) from error


def committed(tree: Path, proposal: Proposal) -> str:
    """Write and commit a proposal in a work tree; returns the commit."""
    staging.files(tree, proposal.contents)
    git.run(tree, "add", "--all", "--force", "--", *proposal.contents)
    git.commit(tree, proposal.message, *proposal.contents)
    return git.run(tree, "rev-parse", "HEAD").strip()


@contextmanager
def checkout(root: Path, revision: str, paths: Sequence[str] | None = None) -> Iterator[Path]:
    """The repository at hand as a revision has it, or some of its files, in a directory for a while.

    Commits made there are kept by git.
    """
    below = git.run(root, "rev-parse", "--show-prefix").strip()
    with tempfile.TemporaryDirectory(prefix="gitops-scaffold-") as temporary:
        tree = Path(temporary, "tree")
        some = () if paths is None else ("--no-checkout",)
        git.run(root, "worktree", "add", "--quiet", "--detach", *some, str(tree), revision)
        try:
            (tree / below).mkdir(parents=True, exist_ok=True)
            if paths:
                named = ("--pathspec-from-file=-", "--pathspec-file-nul")
                git.run(tree / below, "checkout", "--quiet", revision, *named, stdin="\0".join(paths))
            yield tree / below
        finally:
            shutil.rmtree(tree, ignore_errors=True)
            git.run(root, "worktree", "prune")


@contextmanager
def at_tip(root: Path, remote: str, branch: str) -> Iterator[Path]:
    """The repository at hand as the tip of a remote branch has it."""
    with checkout(root, _begun(root, Target(remote, branch))[0]) as tree:
        yield tree


def _begun(root: Path, target: Target) -> tuple[str, bool]:
    """The commit to begin from: the branch's tip, or that of the own branch where it holds what is not merged yet."""
    tip = fetched(root, target.remote, target.branch)
    if not tip:
        raise ToolError(f"{target.remote!r} has no branch {target.branch!r}; push it first, or name another")
    own = fetched(root, target.remote, target.head) if target.head else ""
    again = bool(own) and _is_pending(root, own, tip)
    return (own if again else tip), again


def fetched(root: Path, remote: str, branch: str) -> str:
    """The commit of a remote's branch, which is here then; nothing where the remote has no such branch."""
    address = git.address(root, remote)
    listed = git.run(root, "ls-remote", address, f"refs/heads/{branch}").split()
    if not listed:
        return ""
    git.run(root, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", address, listed[0])
    return listed[0]


def _is_pending(root: Path, own: str, tip: str) -> bool:
    """Tell whether a branch can be merged and would change something; one that cannot is begun anew."""
    merged = git.run(root, "merge-tree", "--write-tree", "--no-messages", tip, own, check=False).split()
    return len(merged) == 1 and merged[0] != git.run(root, "rev-parse", f"{tip}^{{tree}}").strip()


def replace(root: Path, target: Target, known: str, commit: str, options: Sequence[str]) -> str:
    """Make a commit the tip of the target's own branch where that is at `known`; returns what the remote said.

    Raises ToolError where somebody has pushed there meanwhile, so that nothing of theirs is lost.
    """
    said = _pushed(root, target, commit, options, known)
    if said is None:
        raise ToolError(f"{target.remote} {target.head!r} moved meanwhile; run again")
    return said


def _tip(root: Path, target: Target) -> str:
    """The commit of the target's own branch as the remote has it, or nothing."""
    if not target.head:
        return ""
    return git.run(root, "ls-remote", target.remote, f"refs/heads/{target.head}").partition("\t")[0]


def _pushed(root: Path, target: Target, commit: str, said: Sequence[str], known: str) -> str | None:
    """What the remote said, or None where somebody was faster; an own branch that is at `known` is replaced."""
    options = [f"--push-option={option}" for option in said]
    lease: Sequence[str] = ()
    to = f"refs/heads/{target.head or target.branch}"
    if target.review:
        to = f"refs/for/{target.branch}"
    elif target.head:
        lease = (f"--force-with-lease={to}:{known}",)
    done = git.attempt(root, "push", "--porcelain", *options, *lease, target.remote, f"{commit}:{to}")
    if done.ok:
        return done.said
    if _LOST.search(done.said):
        return None
    remedy = "name another --forge, such as none" if "push options" in done.said else "mend that and run again"
    raise ToolError(f"git push to {target.remote!r} failed, {git.reason(done.said)}; {remedy}")
