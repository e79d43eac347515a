"""Workers: what they say does not depend on how they start."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from scaffold import workers

_CODE = """
import multiprocessing, sys

start = multiprocessing.get_context
multiprocessing.get_context = lambda method=None: start(sys.argv[1])
if __name__ == "__main__":
    from scaffold.cli import main

    sys.exit(main(["validate", sys.argv[2], "--no-cache", "--jobs", "2"]))
"""
_CASES = Path(__file__).parent / "cases"


def test_workers_that_share_nothing_say_the_same(tmp_path: Path) -> None:
    """As on systems that cannot fork, where all that a worker needs is sent to it."""
    program = tmp_path / "program.py"
    program.write_text(_CODE)
    root = _CASES / "unknown-sync-option/in-a-template-of-a-chart"
    commands = [[sys.executable, "-W", "error", str(program), method, str(root)] for method in ("fork", "spawn")]
    done = [subprocess.run(each, capture_output=True, text=True, timeout=120, check=False) for each in commands]
    assert [each.returncode for each in done] == [1, 1], done[1].stderr
    assert done[0].stdout == done[1].stdout


def test_no_worker_is_lost_between_its_start_and_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    start = BaseProcess.start

    def start_and_be_told(process: BaseProcess) -> None:
        start(process)
        os.kill(os.getpid(), signal.SIGTERM)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(BaseProcess, "start", start_and_be_told)
    before = signal.signal(signal.SIGTERM, stop)
    try:
        with pytest.raises(KeyboardInterrupt):
            list(workers.each(_sleep, None, [60.0] * 4, 2, "sleeping"))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert not multiprocessing.active_children()


def _sleep(_: None, seconds: float) -> None:
    time.sleep(seconds)
