"""The one place that starts Go: module directories, and programs built from modules that `go install` refuses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from engines.programs import Program

# As it was before the tests got a home directory of their own: Go's caches are in the user's.
_ENVIRONMENT = {**os.environ, "GOFLAGS": "-mod=mod -trimpath -buildvcs=false", "GOWORK": "off"}
_BUILD_SECONDS = 1800
_DOWNLOAD_SECONDS = 600


class GoError(Exception):
    """Go cannot do what was asked; the message is the end of what it said."""


def missing() -> str:
    """What is not on this machine and has to be, or nothing."""
    return ", ".join(name for name in ("go", "git", "openssl") if shutil.which(name) is None)


@cache
def module_directory(module: str) -> Path:
    """Where the files of a module (`path@version`) lie; downloaded when they are not there yet."""
    said = json.loads(_go("mod", "download", "-json", module, directory=Path("/"), seconds=_DOWNLOAD_SECONDS))
    return Path(said["Dir"])


def build(program: Program, target: Path) -> None:
    """Build a program into a file; raises GoError."""
    with tempfile.TemporaryDirectory(prefix="engines-build-") as name:
        wrapper = Path(name)
        _wrap(program, wrapper)
        package = program.module if program.package == "." else f"{program.module}/{program.package}"
        what = "." if program.source else package
        _go("build", "-o", str(target), "-ldflags", program.flags, what, directory=wrapper, seconds=_BUILD_SECONDS)


def _wrap(program: Program, directory: Path) -> None:
    """Write an empty module that requires what the program's own module does, with what replaces it."""
    origin = module_directory(f"{program.module}@{program.version}")
    described = json.loads(_go("mod", "edit", "-json", str(origin / "go.mod"), directory=origin, seconds=60))
    (directory / "go.mod").write_text("\n".join(_lines(program, described)) + "\n")
    if (origin / "go.sum").is_file():
        shutil.copyfile(origin / "go.sum", directory / "go.sum")
    if program.source:
        shutil.copyfile(program.source, directory / "main.go")


def _lines(program: Program, described: dict[str, Any]) -> Iterator[str]:
    yield "module wrapper"
    yield f"go {described['Go']}"
    yield f"require {program.module} {program.version}"
    yield from (f"require {item['Path']} {item['Version']}" for item in described.get("Require") or ())
    yield from (f"exclude {item['Path']} {item['Version']}" for item in described.get("Exclude") or ())
    yield from (_replacement(program, item) for item in described.get("Replace") or ())
    yield from (f"replace {line}" for line in program.replaced)


def _replacement(program: Program, item: dict[str, Any]) -> str:
    """A replace line; one that points beside the module gets the module that is published from there."""
    old, new = item["Old"], item["New"]
    before = " ".join(part for part in (old["Path"], old.get("Version", "")) if part)
    if new["Path"].startswith("."):
        return f"replace {before} => {old['Path']} {program.siblings}"
    return f"replace {before} => {new['Path']} {new.get('Version', '')}"


def _go(*arguments: str, directory: Path, seconds: float) -> str:
    command = ("go", *arguments)
    try:
        result = subprocess.run(
            command, cwd=directory, env=_ENVIRONMENT, check=False, capture_output=True, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired as error:
        raise GoError(f"{' '.join(command)}: not done in {seconds:.0f} s") from error
    if result.returncode:
        raise GoError(f"{' '.join(command)}: {(result.stderr or result.stdout)[-3000:]}")
    return result.stdout
