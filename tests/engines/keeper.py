"""Start programs for a test process and end them with it, whatever ends it.

Runs as a program of its own session: it reads one request a line (JSON) and answers one line each. An empty line ends
it, and so does the end of its input, which comes when the test process ends, even by SIGKILL; then every process group
is killed and the directory removed.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1


def main(directory: Path) -> None:
    """Serve requests until the input ends or the parent is gone; takes the directory with it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    # Who has ended is reaped by the kernel, so that `kill(pid, 0)` tells the living from the dead.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    parent = os.getppid()
    started: list[int] = []
    try:
        for line in _lines(parent):
            print(json.dumps(_answer(json.loads(line), started)), flush=True)
    finally:
        for group in started:
            _kill(group)
        shutil.rmtree(directory, ignore_errors=True)
        # A program that was writing while it died leaves a directory that was not empty.
        shutil.rmtree(directory, ignore_errors=True)


def _lines(parent: int) -> Any:
    """Requests; a forked child of the parent may keep the pipe open, so the parent is looked for as well."""
    pending = b""
    while os.getppid() == parent:
        if not select.select([sys.stdin.fileno()], [], [], 1)[0]:
            continue
        read = os.read(sys.stdin.fileno(), 65536)
        if not read:
            return
        *lines, pending = (pending + read).split(b"\n")
        for line in lines:
            if not line:
                return
            yield line


def _answer(request: dict[str, Any], started: list[int]) -> dict[str, Any]:
    try:
        with Path(request["log"]).open("ab") as log:
            process = subprocess.Popen(
                request["argv"],
                cwd=request["directory"],
                env=request["environment"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - there is one thread
            )
    except OSError as error:
        return {"error": str(error)}
    started.append(process.pid)
    return {"pid": process.pid}


def _die_with_parent() -> None:
    """Should the keeper itself be killed, the kernel kills what it started."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _kill(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
