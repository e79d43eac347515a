"""`bump`: exactly the bytes that set an image change; the directories in tests/bumps say which and what is said."""

from __future__ import annotations

import difflib
import os
import shlex
import shutil
from pathlib import Path

import pytest
from running import Command, files

_CASES = Path(__file__).parent / "bumps"
_SAID = shutil.ignore_patterns("expected.txt", "command.txt")


@pytest.mark.parametrize("case", sorted(_CASES.iterdir()), ids=lambda path: path.name)
def test_case(case: Path, tmp_path: Path, command: Command) -> None:
    root = Path(shutil.copytree(case, tmp_path / "repository", ignore=_SAID))
    before = files(root)
    result = command(*shlex.split((case / "command.txt").read_text()), "--repository", root)
    said = [f"exit {result.code}", *result.out.splitlines(), *result.err.splitlines()]
    made = "\n".join([*said, *_differences(before, files(root))]) + "\n"
    if os.environ.get("WRITE_EXPECTED"):
        (case / "expected.txt").write_text(made)
    assert made == (case / "expected.txt").read_text()


def _differences(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """The changed lines of every file, with what ends them where that is not a line feed."""
    assert before.keys() == after.keys()
    lines = []
    for path in before:
        old, new = (text[path].decode().split("\n") for text in (before, after))
        changed = [line for line in difflib.ndiff(old, new) if line[0] in "+-"]
        shown = [line.replace("\r", "\\r").replace("\ufeff", "\\ufeff") for line in changed]
        lines += [path, *shown] if shown else []
    return lines
