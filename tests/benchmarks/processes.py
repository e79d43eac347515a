"""Run a command to its end and say what it took: all of its processes together."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_TOGETHER = subprocess.STDOUT
_PAUSE = 0.02  # seconds between two looks at the memory in use


class Used(NamedTuple):
    """Seconds on the clock, seconds of processors, and bytes of memory (0 where nobody looked)."""

    wall: float
    cpu: float
    memory: int = 0


def run(command: Sequence[str], directory: Path, environment: Mapping[str, str], *, memory: bool = False) -> Used:
    """Run a command and take the time; with `memory` look at that instead, which slows the run down.

    Processor seconds are the kernel's, of the command and of every process that it waited for.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=_TOGETHER
    )
    highest = _Watch(process.pid) if memory else None
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{printed.decode()[-2000:]}")
    return Used(wall, usage.ru_utime + usage.ru_stime, highest() if highest else 0)


class _Watch:
    """The most memory that a process and all below it had at once; shared pages count in parts."""

    def __init__(self, pid: int) -> None:
        self._pid, self._highest, self._over = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(_PAUSE):
            self._highest = max(self._highest, sum(map(_proportional, _tree(self._pid))))

    def __call__(self) -> int:
        self._over.set()
        self._thread.join()
        return self._highest


def _tree(pid: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found = [pid]
    for item in found:
        found += children.get(item, [])
    return found


def _proportional(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in text.splitlines() if line.startswith("Pss:"))
