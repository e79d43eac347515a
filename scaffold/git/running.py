"""Starting git, in an environment without anybody's GIT_ variables."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from scaffold.errors import ToolError

_SECONDS = 120
# What somebody may have configured, and what would change the answers; no pager is asked where none can be looked at.
_PLAIN = ("core.quotePath=false", "log.showSignature=false", "color.ui=false", "column.ui=never")
_FALLBACK = ("-c", "user.name=gitops-scaffold", "-c", "user.email=gitops-scaffold@localhost")
_OURS = frozenset(
    (
        *("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE"),
        *("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE"),
        *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_SSH_COMMAND", "GIT_EXEC_PATH"),
    )
)


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


def environment() -> dict[str, str]:
    """The environment less what a hook or a caller set for its own repository."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in _OURS}
    return {**kept, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
