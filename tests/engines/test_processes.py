"""What the harness promises: nothing outlives the test process, and programs are built once."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from engines import binaries
from engines.processes import Keeper, free_port
from engines.programs import REDIS

_TESTS = Path(__file__).parent.parent
_SECONDS = 30
# A test process with an API server, and with a forked child that holds all its files open.
_VICTIM = """
import json, os, signal, time
from engines.control_plane import ControlPlane
from engines.processes import Keeper

signal.signal(signal.SIGINT, signal.default_int_handler)  # who runs in the background has been told to ignore it
with Keeper() as keeper:
    control = ControlPlane(keeper)
    control.serve()
    child = os.fork()
    if not child:
        time.sleep(60)
        os._exit(0)
    processes = [process.pid for process in keeper.processes]
    print(json.dumps({"directory": str(keeper.directory), "processes": processes, "child": child}), flush=True)
    time.sleep(60)
"""
_BUILDER = """
from engines import binaries
from engines.programs import REDIS

binaries.build(REDIS, print)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_the_test_process(number: signal.Signals) -> None:
    with _python(_VICTIM, stderr=subprocess.DEVNULL) as victim:
        assert victim.stdout
        told = json.loads(victim.stdout.readline())
        assert all(_lives(pid) for pid in told["processes"])
        victim.send_signal(number)
        victim.wait(_SECONDS)
        os.kill(told["child"], signal.SIGCONT)
        limit = time.monotonic() + _SECONDS
        while any(_lives(pid) for pid in told["processes"]) or Path(told["directory"]).exists():
            assert time.monotonic() < limit, told
            time.sleep(0.1)
        os.kill(told["child"], signal.SIGKILL)


def test_a_failure_ends_everything_too() -> None:
    keeper = Keeper()
    with pytest.raises(RuntimeError), keeper:
        process = keeper.start("sleep", ["sleep", "60"], os.environ)
        assert process.alive()
        raise RuntimeError
    assert not _lives(process.pid)
    assert not keeper.directory.exists()


def test_a_program_that_ends_is_noticed_with_what_it_said() -> None:
    with Keeper() as keeper:
        keeper.start("speaker", ["sh", "-c", "echo so long"], os.environ)
        with pytest.raises(AssertionError, match="speaker ended while waiting until it is there"):
            keeper.wait("it is there", _SECONDS, lambda: False)
        assert list(keeper.logs(3)) == [("speaker (ended)", "so long")]


def test_ports_are_given_once() -> None:
    ports = [free_port() for _ in range(20)]
    assert len(set(ports)) == len(ports)


def test_several_that_build_a_program_build_it_once(tmp_path: Path) -> None:
    # Of Go's own cache only the place would move with it, and everything be compiled anew.
    kept = subprocess.run(
        ["go", "env", "GOCACHE"], env=binaries.ENVIRONMENT, check=True, capture_output=True, text=True
    )
    environment = {"XDG_CACHE_HOME": str(tmp_path), "GOCACHE": kept.stdout.strip(), binaries.PREPARED: ""}
    builders = [_python(_BUILDER, environment) for _ in range(3)]
    said = [builder.communicate(timeout=300)[0].splitlines() for builder in builders]
    assert sorted(map(len, said)) == [0, 0, 2]
    (built,) = (path for path in tmp_path.rglob(f"{REDIS.name}-*") if not path.name.startswith("."))
    port = free_port()
    with Keeper() as keeper:
        keeper.start("redis", [built, "--port", str(port)], os.environ)
        assert keeper.wait("it answers", _SECONDS, lambda: _ping(port)) == b"+PONG\r\n"


def _python(code: str, environment: dict[str, str] | None = None, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code]
    # The user's own directories, not those of the test: Go's caches are there.
    variables = {**binaries.ENVIRONMENT, **(environment or {}), "PYTHONPATH": str(_TESTS)}
    return subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True, **options)


def _lives(pid: int) -> bool:
    """Whether a process runs; one that is dead and waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def _ping(port: int) -> bytes:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"*1\r\n$4\r\nPING\r\n")
            return connection.recv(100)
    except ConnectionRefusedError:
        return b""
