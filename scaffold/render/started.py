"""A kustomize that runs while something else is done."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Self

from scaffold import interrupts
from scaffold.errors import ToolError
from scaffold.render import RenderError
from scaffold.render.builders import Builder, environment

_SECONDS = 120


class Started:
    """A build of a directory below a root, from its first moment; it ends with the block that it is made for."""

    def __init__(self, builder: Builder, directory: Path, root: Path, *options: str) -> None:
        self._directory, self._root = directory, root
        self._process: subprocess.Popen[bytes] | None = None
        self._command = [*builder.command, str(directory), *builder.options, *options]

    def printed(self) -> str:
        """What it printed, once it has ended; raises RenderError with the reason, in which paths begin at the root."""
        process = self._process
        assert process is not None, "printed() is asked inside the block"
        try:
            printed, said = process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise RenderError(f"no result in {_SECONDS} s") from error
        code = process.returncode
        if code:
            reason = _reason(said.decode(errors="replace"), self._directory, self._root)
            raise RenderError(reason or f"it ended with code {code} and no word")
        return printed.decode(errors="replace")

    def __enter__(self) -> Self:
        """Start it; raises ToolError where it cannot be run."""
        try:
            with interrupts.later():
                self._process = self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        try:
            return subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, env=environment()
            )
        except OSError as error:
            raise ToolError(f"{self._command[0]!r} cannot be run, {error.strerror}; name another kustomize") from error

    def __exit__(self, *_: object) -> None:
        """Leave no process behind."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.kill()
        with self._process:  # which waits for it, and closes what it printed to
            pass


def _reason(printed: str, directory: Path, root: Path) -> str:
    """Kustomize's own words without its warnings, and without the parts of paths that lead to the root."""
    lines = [line for line in printed.splitlines() if line.strip() and not line.startswith("#")]
    text = " ".join(" ".join(lines).split()).removeprefix("Error: ").removeprefix("error: ")
    real = os.path.realpath(root)
    for prefix in (f"{real}/", f"{root}/", f"{os.path.realpath(directory)}/", real):
        text = text.replace(prefix, "")
    return text
