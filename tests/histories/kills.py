"""SIGKILL at a random moment of a command: never a half-written file, never a lost edit, always a way on."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from scaffold import git, journal
from scaffold.cli import main
from scaffold.staging import Content, tree

# The commands by name; each is run in a repository that holds what it needs.
DEEDS: dict[str, tuple[str, ...]] = {
    "add": ("add", "team", "basket", "--repository"),
    "remove": ("remove", "app", "payments", "--team", "checkout", "--repository"),
    "update": ("update", "--to", "v2.0.0", "--jobs", "1"),
}


@dataclass(frozen=True)
class Victim:
    """A command, a repository before it and after it, and how long it took, in seconds."""

    deed: str
    before: Path
    after: Mapping[str, Content]
    seconds: float


def victim(root: Path, deed: str, copy: Path) -> Victim:
    """Carry a command out in a copy of a repository."""
    shutil.copytree(root, copy, symlinks=True)
    begun = time.monotonic()
    subprocess.run(_command(deed, copy), check=True, capture_output=True)
    return Victim(deed, root, _state(copy), time.monotonic() - begun)


def flaws(known: Victim, root: Path, chance: random.Random) -> list[str]:
    """Kill the command in a copy of its repository, and say in words what is wrong with what it leaves.

    Half of the commands are killed while they write.
    """
    shutil.copytree(known.before, root, symlinks=True)
    before = _state(root)
    with subprocess.Popen(
        _command(known.deed, root), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as child:
        _wait(root, child, chance, known.seconds)
        child.kill()
    return [*_half_written(root, before, known.after), *_way_on(root, before, known.after, chance)]


def _command(deed: str, root: Path) -> list[str]:
    return [sys.executable, "-m", "scaffold", *DEEDS[deed], str(root)]


def _wait(root: Path, child: subprocess.Popen[bytes], chance: random.Random, seconds: float) -> None:
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, seconds))
        return
    while child.poll() is None:
        if (root / ".git/gitops-scaffold/pending.json").exists():
            time.sleep(chance.uniform(0, 0.02))
            return
        time.sleep(0.0005)


def _state(root: Path) -> dict[str, Content]:
    return {path: content for path, content in tree(root).items() if not path.startswith(".git/")}


def _half_written(root: Path, before: Mapping[str, Content], after: Mapping[str, Content]) -> list[str]:
    here = _state(root)
    return [
        f"{path} is neither as before nor as after"
        for path in sorted({*here, *before, *after})
        if here.get(path) not in (before.get(path), after.get(path))
    ]


def _way_on(
    root: Path, before: Mapping[str, Content], after: Mapping[str, Content], chance: random.Random
) -> list[str]:
    """Do what the next command says, one way or the other, and look where that leads."""
    if journal.interrupted(root) is None:
        return [] if _state(root) in (before, after) else ["it is half done, and nobody says so"]
    with redirect_stderr(io.StringIO()) as said:
        code = main(["update", str(root)])
    if code != 2 or "--continue' finishes it" not in said.getvalue():
        return [f"the next command does not say how to go on: {said.getvalue()}"]
    way, wanted = chance.choice((("--continue", after), ("--abort", before)))
    with redirect_stderr(io.StringIO()), redirect_stdout(io.StringIO()):
        main(["update", way, str(root)])
    return [] if _state(root) == wanted else [f"{way} leads elsewhere: {git.run(root, 'status', '--short')}"]
