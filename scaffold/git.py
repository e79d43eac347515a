"""What Git knows; the only module that starts git, in an environment without anybody's GIT_ variables."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from scaffold.errors import ToolError

_SECONDS = 120
# What somebody may have configured, and what would change the answers; no pager is asked where none can be looked at.
_PLAIN = ("core.quotePath=false", "log.showSignature=false", "color.ui=false", "column.ui=never")

_ADDRESS = re.compile(r"(?!file:)[^/:]+:")  # a scheme, or a host as SSH has it; git-clone(1)


def run(
    directory: Path,
    *arguments: str,
    check: bool = True,
    stdin: str | None = None,
    variables: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Run git in a directory and return what it prints; raises ToolError where it fails and `check` is set."""
    done = _run(directory, arguments, stdin, variables)
    if check and done.returncode:
        why = reason(done.stderr)
        raise ToolError(f"git {arguments[0]} failed in {str(directory)!r}, {why}; mend that and run again")
    return done.stdout


def reason(said: str) -> str:
    """The line by which git says why it failed: its first fatal one, since advice may follow; else its last."""
    lines = said.strip().splitlines() or ["no reason given"]
    return next((line for line in lines if line.startswith("fatal: ")), lines[-1])


class Attempt(NamedTuple):
    """Whether git did it, and all that it printed."""

    ok: bool
    said: str


def attempt(directory: Path, *arguments: str) -> Attempt:
    """Run git where a failure is an answer too."""
    done = _run(directory, arguments, None, {})
    return Attempt(not done.returncode, done.stdout + done.stderr)


def _run(
    directory: Path, arguments: tuple[str, ...], stdin: str | None, variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", *(word for option in _PLAIN for word in ("-c", option)), *arguments],
            cwd=directory,
            env={**environment(), **variables},
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise ToolError("git is not on PATH; install it") from error
    except subprocess.TimeoutExpired as error:
        raise ToolError(
            f"git {arguments[0]} gave no answer in {_SECONDS} s; look whether another one holds a lock"
        ) from error


def commit(directory: Path, message: str, *paths: str) -> None:
    """Commit what is staged, of some paths or all; a machine without a name for its user, a CI runner say, gets one."""
    run(directory, *_identity(directory), "commit", "--quiet", "--file=-", "--", *paths, stdin=message)


def author(directory: Path) -> str:
    """The name that a commit made now would have."""
    return run(directory, *_identity(directory), "var", "GIT_AUTHOR_IDENT").partition(" <")[0]


def _identity(directory: Path) -> tuple[str, ...]:
    """Options that give a name to a user without one, as on a CI runner."""
    return () if run(directory, "var", "GIT_AUTHOR_IDENT", check=False) else _FALLBACK


_FALLBACK = ("-c", "user.name=gitops-scaffold", "-c", "user.email=gitops-scaffold@localhost")


def environment() -> dict[str, str]:
    """The environment less what a hook or a caller set for its own repository."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in _OURS}
    return {**kept, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


_OURS = frozenset(
    (
        *("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE"),
        *("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE"),
        *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_SSH_COMMAND", "GIT_EXEC_PATH"),
    )
)


def _keeps(directory: Path) -> bool:
    """Tell whether a directory may be in a work tree; where none is above it, git need not be started to say so."""
    where = Path(os.path.realpath(directory))
    return any(os.path.lexists(above / ".git") for above in (where, *where.parents))


def top(directory: Path) -> Path | None:
    """The work tree that holds a directory, or None outside of one."""
    if not _keeps(directory):
        return None
    try:
        found = run(directory, "rev-parse", "--show-toplevel", check=False).strip()
    except (ToolError, OSError):
        return None
    return Path(found) if found else None


class Ignored:
    """The files and directories that Git ignores, asked for while the caller does something else."""

    def __init__(self, directory: Path) -> None:
        self._found: frozenset[str] = frozenset()
        self._thread = threading.Thread(target=self._ask, args=(directory,), daemon=True)
        self._thread.start()

    def _ask(self, directory: Path) -> None:
        self._found = ignored(directory)

    def known(self) -> frozenset[str]:
        """What is known already: everything or nothing."""
        return self._found

    def paths(self) -> frozenset[str]:
        """Wait for the answer."""
        self._thread.join()
        return self._found


def ignored(directory: Path) -> frozenset[str]:
    """The files and directories that Git ignores, relative to a directory; none where Git or a work tree is missing."""
    if not _keeps(directory):
        return frozenset()
    arguments = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
    try:
        listed = run(directory, *arguments, check=False)
    except (ToolError, OSError):
        return frozenset()
    return frozenset(path.rstrip("/") for path in listed.split("\0") if path)


def would_ignore(directory: Path, paths: Collection[str]) -> frozenset[str]:
    """Those of some paths below a directory that Git would ignore, were they there; none outside of a work tree."""
    asked = "\0".join(path for path in paths if not path.startswith("../")) if _keeps(directory) else ""
    try:
        listed = run(directory, "check-ignore", "-z", "--stdin", check=False, stdin=asked) if asked else ""
    except (ToolError, OSError):
        return frozenset()
    return frozenset(path for path in listed.split("\0") if path)


def origin(directory: Path) -> str:
    """The address of the remote `origin`, or nothing."""
    try:
        return remote(directory, "origin") if _keeps(directory) else ""
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
    if not _keeps(directory):
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
