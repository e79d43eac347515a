"""Workers: what they say does not depend on how they start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
