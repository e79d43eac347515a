"""Find each program, or build it into a cache outside the tree; safe when several do so at once."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from engines import golang
from engines.programs import PROGRAMS, REDIS, Program

# Names a folder with the programs under their plain names; what it lacks is looked for as usual.
PREPARED = "GITOPS_SCAFFOLD_ENGINES"
# Before the tests get directories of their own.
ENVIRONMENT = dict(os.environ)
_CACHE = platformdirs.user_cache_path("gitops-scaffold") / "engines"
_PREPARED = ENVIRONMENT.get(PREPARED, "")
_PATH = ENVIRONMENT.get("PATH", "")


def wanted() -> tuple[Program, ...]:
    """Every program; Redis is built only where none is installed."""
    return PROGRAMS if shutil.which("redis-server", path=_PATH) else (*PROGRAMS, REDIS)


def find(program: Program) -> Path | None:
    """The program in the prepared folder, in the cache, or on PATH at the same version."""
    prepared = Path(_PREPARED, program.name)
    if _PREPARED and os.access(prepared, os.X_OK):
        return prepared
    return _cached(program) if _cached(program).exists() else _on_path(program)


def lacking() -> list[Program]:
    """The programs that have to be built before the tests can run."""
    return [program for program in wanted() if find(program) is None]


def build(program: Program, say: Callable[[str], None]) -> None:
    """Build a program into the cache, unless somebody else has done so by now; raises golang.GoError."""
    target = _cached(program)
    with _alone(target):
        if target.exists():
            return
        say(f"building {program.name} {program.version}, which took {program.seconds} s on two cores")
        started = time.monotonic()
        unfinished = target.with_name(f".{target.name}.new")
        golang.build(program, unfinished)
        unfinished.replace(target)
        say(f"built {program.name} in {time.monotonic() - started:.0f} s")


def directory(into: Path) -> Path:
    """Fill a directory with links to every program under its plain name, kubectl and Argo CD's scripts included."""
    into.mkdir()
    for program in wanted():
        found = find(program)
        assert found, f"{program.name} is not built; run `make engines`"
        (into / program.name).symlink_to(found)
    (into / "redis-server").symlink_to(shutil.which("redis-server", path=_PATH) or into / REDIS.name)
    (into / "kubectl").symlink_to(Path(sys.executable).parent / "kubectl")
    return into


def _cached(program: Program) -> Path:
    return _CACHE / f"{program.name}-{program.version}"


def _on_path(program: Program) -> Path | None:
    found = shutil.which(program.name, path=_PATH) if program.asked else None
    if not found:
        return None
    result = subprocess.run([found, *program.asked], check=False, capture_output=True, text=True, timeout=30)
    version = re.escape(program.version.removeprefix("v"))
    return Path(found) if re.search(rf"\b[v]?{version}\b", result.stdout) else None


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Hold the lock of one program; the kernel lets go of it however the process ends."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name(f".{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
