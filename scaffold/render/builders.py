"""Which kustomize builds: the one asked for, else the one on PATH, or the embedded one where that is newer."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from packaging.version import InvalidVersion, Version

from scaffold.cache import Cache
from scaffold.errors import ToolError

_SECONDS = 120
_NAMES = ("kustomize", "kubectl")
UNRESTRICTED = ("--load-restrictor", "LoadRestrictionsNone")
_VERSION = re.compile(r"(?<!\d)(\d++\.\d++\.\d++)")
_SAID: dict[str, str] = {}  # by this process too: one that validates often starts kubectl for its version once


@dataclass(frozen=True)
class Builder:
    """A kustomize that can be started: its command up to the directory, what follows it, and its version, as 5.8.1."""

    command: tuple[str, ...]
    version: str
    name: str
    options: tuple[str, ...] = ()

    def unrestricted(self) -> Builder:
        """The same, as kustomize-controller runs it: files outside a directory are read too."""
        return dataclasses.replace(self, options=UNRESTRICTED)


def find(asked: str | None = None, cache: Cache | None = None) -> Builder:
    """The kustomize to use: the one asked for, else the one on PATH, or the embedded one where that is newer.

    What a program says of its version is kept in `cache`. Raises ToolError where the one asked for is absent or no
    kustomize.
    """
    cache = cache or Cache(None)
    if asked:
        path = shutil.which(asked)
        if not path:
            remedy = "install it, or leave the option out to use the embedded one"
            raise ToolError(f"kustomize {asked!r} is not there; {remedy}")
        return _standalone(path, cache)
    embedded = _embedded(cache)
    path = shutil.which("kustomize")
    if not path:
        if embedded is None:
            raise ToolError("no kustomize is there; install it, or reinstall gitops-scaffold with its dependencies")
        return embedded
    try:
        standalone = _standalone(path, cache)
    except ToolError:
        if embedded is None:
            raise
        return embedded
    return standalone if embedded is None or _as_new(standalone.version, embedded.version) else embedded


def _as_new(left: str, right: str) -> bool:
    # Of two that are the same kustomize, the one alone starts in a sixth of the time that kubectl takes.
    try:
        return Version(left) >= Version(right)
    except InvalidVersion:
        return False


def _standalone(path: str, cache: Cache) -> Builder:
    found = _VERSION.search(_kept_output([path, "version"], cache))
    if not found:
        raise ToolError(f"{path!r} does not say a version as kustomize does; name another one")
    return Builder((path, "build"), found[1], f"kustomize {found[1]}")


def _embedded(cache: Cache) -> Builder | None:
    path = shutil.which("kubectl", path=sysconfig.get_path("scripts"))
    path = path or shutil.which("kubectl")
    if not path:
        return None
    printed = _kept_output([path, "version", "--client", "-o", "json"], cache)
    version = json.loads(printed).get("kustomizeVersion", "").lstrip("v")
    return Builder((path, "kustomize"), version, f"kubectl kustomize {version}") if version else None


def _kept_output(command: list[str], cache: Cache) -> str:
    """What a program says of itself, asked once for each file that it has been."""
    path = Path(os.path.realpath(command[0]))
    try:
        stat = path.stat()
        with path.open("rb") as file:
            script = file.read(2) == b"#!"
    except OSError:
        return _output(command)
    # What stands for another program, a shim of a version manager, says now this and now that.
    if script or not path.name.startswith(_NAMES):
        return _output(command)
    key = "\0".join(
        ("says", *command, str(path), f"{stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_size} {stat.st_ino}")
    )
    kept = _SAID.get(key) or cache.get(key)
    if not isinstance(kept, str):
        kept = _output(command)
        cache.put_many({key: kept})
    _SAID[key] = kept
    return kept


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False, env=environment())
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"{command[0]!r} cannot be run, {error}; name another one") from error
    return done.stdout


def environment() -> dict[str, str]:
    # A build is short and allocates much: collecting less often is worth a fifth of its time.
    return {**os.environ, "GOGC": "800"}
