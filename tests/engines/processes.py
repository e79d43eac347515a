"""Programs that run for the tests: started through the keeper, watched, and gone with the test process."""

from __future__ import annotations

import atexit
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

_PORTS = range(20000, 32000)  # below those that Linux gives to outgoing connections
_COMPLAINT = re.compile(r'"level":"(error|fatal)"|^[EF]\d{4}|panic')
_WIDE = 400
_KEEPER = Path(__file__).with_name("keeper.py")
_reserved: dict[int, socket.socket] = {}


@atexit.register
def _release() -> None:
    for claim in _reserved.values():
        claim.close()


class EngineError(AssertionError):
    """An engine did not do what the test needs; the logs of all processes are attached to the failure."""


class Process(NamedTuple):
    """A running program and where it writes what it has to say."""

    name: str
    pid: int
    log: Path

    def alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def complaints(self, lines: int) -> str:
        """The last lines of the log that speak of errors, or any where the program has ended."""
        found = self.log.read_text(errors="replace").splitlines()
        wanted = [line[:_WIDE] for line in found if not self.alive() or _COMPLAINT.search(line)]
        return "\n".join(wanted[-lines:])


class Keeper:
    """Processes with a common directory; leaving it kills the processes and removes the directory."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="engines-"))
        self.processes: list[Process] = []
        self.connections = ExitStack()
        command = [sys.executable, str(_KEEPER), str(self.directory)]
        self._keeper = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, cwd="/"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connections.close()
        assert self._keeper.stdin
        assert self._keeper.stdout
        # A child of this process may hold the pipe open as well, so closing it would not be enough.
        with suppress(BrokenPipeError), self._keeper.stdin:
            self._keeper.stdin.write(b"\n")
        self._keeper.wait(timeout=60)
        self._keeper.stdout.close()

    def start(self, name: str, command: Sequence[str | Path], environment: Mapping[str, str]) -> Process:
        """Start a program; it runs in the common directory."""
        log = self.directory / f"{name}.log"
        argv = [str(part) for part in command]
        request = {"argv": argv, "environment": dict(environment), "directory": str(self.directory), "log": str(log)}
        answer = self._ask(request)
        if "pid" not in answer:
            raise EngineError(f"{name} does not start: {answer.get('error')}")
        process = Process(name, answer["pid"], log)
        self.processes.append(process)
        return process

    def wait(self, what: str, seconds: float, done: Callable[[], Any]) -> Any:
        """Ask until the answer is true, and return it; raises EngineError after that time or when a process ends."""
        limit = time.monotonic() + seconds
        while not (answer := done()):
            dead = [process.name for process in self.processes if not process.alive()]
            if dead:
                raise EngineError(f"{', '.join(dead)} ended while waiting until {what}")
            if time.monotonic() > limit:
                raise EngineError(f"it did not happen in {seconds:.0f} s that {what}")
            time.sleep(0.1)
        return answer

    def logs(self, lines: int) -> Iterator[tuple[str, str]]:
        """The end of every log."""
        for process in self.processes:
            if text := process.complaints(lines):
                yield f"{process.name} ({'running' if process.alive() else 'ended'})", text

    def _ask(self, request: Mapping[str, Any]) -> Any:
        assert self._keeper.stdin
        assert self._keeper.stdout
        self._keeper.stdin.write(json.dumps(request).encode() + b"\n")
        self._keeper.stdin.flush()
        return json.loads(self._keeper.stdout.readline() or b'{"error": "the keeper is gone"}')


def free_port() -> int:
    """A port of loopback that nobody else gets before this process ends.

    Test processes side by side see each other's reservations: abstract sockets, which leave nothing behind.
    """
    start = os.getpid() * 37
    for offset in range(len(_PORTS)):
        port = _PORTS[(start + offset) % len(_PORTS)]
        if port not in _reserved and _reserve(port):
            return port
    raise EngineError("no port is free")


def _reserve(port: int) -> bool:
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0gitops-scaffold-engines-{port}")
        for host in ("127.0.0.1", "0.0.0.0"):
            with socket.socket() as probe:
                probe.bind((host, port))
    except OSError:
        claim.close()
        return False
    _reserved[port] = claim
    return True
