"""What a repository is called: its remotes and its branches."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from scaffold.errors import ToolError
from scaffold.git.running import run
from scaffold.git.work_tree import keeps

_ADDRESS = re.compile(r"(?!file:)[^/:]+:")  # a scheme, or a host as SSH has it; git-clone(1)


def origin(directory: Path) -> str:
    """The address of the remote `origin`, or nothing."""
    try:
        return remote(directory, "origin") if keeps(directory) else ""
    except (ToolError, OSError):
        return ""


def remote(directory: Path, name: str) -> str:
    """The address of a remote, or nothing."""
    return run(directory, "config", "--get", f"remote.{name}.url", check=False).strip()


def address(directory: Path, name: str) -> str:
    """A remote as any work tree finds it: its name, or where that means a relative path, the whole path."""
    told = remote(directory, name)
    if not told.startswith(("./", "../")):
        return name
    common = run(directory, "rev-parse", "--path-format=absolute", "--git-common-dir").strip()
    return str(Path(common).parent / told)


def branch(directory: Path) -> str:
    """The branch that is checked out; raises ToolError where none is, as in many CI jobs."""
    found = run(directory, "symbolic-ref", "--quiet", "--short", "HEAD", check=False).strip()
    if not found:
        raise ToolError(f"no branch is checked out in {str(directory)!r}; name one with --branch")
    return found


def tree_names(directory: Path) -> tuple[str, ...]:
    """The branches that the files are of: the one that is checked out, and the one that the remote begins with."""
    if not keeps(directory):
        return ()
    refs = (("HEAD", "refs/heads/"), ("refs/remotes/origin/HEAD", "refs/remotes/origin/"))
    try:
        found = [(run(directory, "symbolic-ref", "--quiet", ref, check=False).strip(), start) for ref, start in refs]
    except (ToolError, OSError):
        return ()
    return tuple(name.removeprefix(start) for name, start in found if name.startswith(start))


class Standing(NamedTuple):
    """What the repository that a directory is of is called: the address of `origin`, and the names of the branches.

    A directory of this machine, as of a mirror that was cloned, is no address, since nothing deploys from there.
    """

    origin: str
    names: tuple[str, ...]


def standing(directory: Path) -> Standing:
    """The same for a directory in no work tree: nothing."""
    found = origin(directory)
    return Standing(found if _ADDRESS.match(found) else "", tree_names(directory))


def checked_out(directory: Path) -> tuple[str, str]:
    """The branch that is checked out and the one that it tracks; nothing for what is not there."""
    name = run(directory, "symbolic-ref", "--quiet", "--short", "HEAD", check=False).strip()
    tracked = run(directory, "config", "--get", f"branch.{name}.merge", check=False).strip() if name else ""
    return name, tracked.removeprefix("refs/heads/")


def full_name(directory: Path, revision: str) -> str:
    """The whole name of the branch that a revision names; nothing where it names none."""
    arguments = ("rev-parse", "--symbolic-full-name", "--verify", "--quiet", "--end-of-options", revision)
    found = run(directory, *arguments, check=False).split("\n")
    return next((line for line in found if line.startswith("refs/")), "")


def tip(directory: Path, remote: str, branch: str) -> str:
    """The commit of a remote's branch as it was fetched last, else of the branch here; nothing where neither is."""
    for name in (f"refs/remotes/{remote}/{branch}", f"refs/heads/{branch}"):
        found = run(directory, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", check=False).strip()
        if found:
            return found
    return ""


def default(directory: Path, remote: str) -> str:
    """The branch that a remote has for its default, or nothing."""
    head = f"refs/remotes/{remote}/HEAD"
    return run(directory, "symbolic-ref", "--quiet", head, check=False).strip().removeprefix(f"{head[:-4]}")
