"""`make engines`: build what is not there yet, then run the tests that need it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from engines import binaries, golang

_HERE = Path(__file__).parent
_TESTS = ("-m", "pytest", "-m", "engines", str(_HERE))
# Each worker runs engines of its own, for whole files; more of them only wait for one another on a small machine.
_PARALLEL = ("-q", "-rfE", "-n", "2", "--dist", "loadfile")


def main() -> int:
    """Build and test; where Go is missing, say so and count what was not run."""
    if absent := golang.missing():
        _say(f"{absent} is missing, so nothing can be run; install it")
        _say(f"0 passed, 0 failed, {_count()} skipped")
        return 0
    started = time.monotonic()
    try:
        for program in binaries.lacking():
            binaries.build(program, _say)
    except golang.GoError as error:
        _say(f"cannot build, {error}")
        return 1
    _say(f"programs ready after {time.monotonic() - started:.0f} s")
    return subprocess.run([sys.executable, *_TESTS, *_PARALLEL, *sys.argv[1:]], check=False).returncode


def _count() -> int:
    """How many tests there are."""
    command = [sys.executable, *_TESTS, "--collect-only", "-q"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return sum("::" in line for line in listed.splitlines())


def _say(text: str) -> None:
    print(f"engines: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
