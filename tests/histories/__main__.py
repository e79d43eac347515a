"""Many histories, what plain Copier makes of some of them, every older example, and many kills: `make histories`."""

from __future__ import annotations

import io
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import versions

from histories import kills, older, run
from scaffold import workers
from scaffold.cli import main
from scaffold.template import Template

_CONFIG = "[user]\n\tname = Example\n\temail = example@example.com\n[init]\n\tdefaultBranch = main\n"


def _one(context: tuple[run.Past, Path, bool], seed: int) -> list[str]:
    known, top, plain = context
    root = top / f"{'plain' if plain else 'own'}-{seed}"
    return (run.losses_of_copier if plain else run.losses)(known, seed, root)


def _told(known: run.Past, top: Path, count: int, *, plain: bool) -> int:
    """Run histories in worker processes, print what they lose, and return in how many something was lost."""
    begun = time.monotonic()
    jobs = 1 if plain else workers.default_jobs()  # two Copiers at a time break the cache that they share
    found = list(workers.each(_one, (known, top, plain), range(count), jobs, "histories"))
    kinds = Counter(_kind(loss) for losses in found for loss in losses)
    for seed, losses in enumerate(found):
        for loss in () if plain else losses:
            print(f"seed {seed}: {loss}")
    bad = sum(bool(losses) for losses in found)
    who = "copier update" if plain else "gitops-scaffold update"
    seconds = time.monotonic() - begun
    print(f"{who}: {bad} of {count} histories lose an edit, {sum(kinds.values())} edits in all ({seconds:.0f} s)")
    for kind, number in kinds.most_common() if plain else ():
        print(f"  {number:4} {kind}")
    return bad


def _kind(loss: str) -> str:
    return loss.partition(" of ")[0] if " of " in loss else "deleted, a mode, or line ends"


def _killed(context: tuple[dict[str, kills.Victim], Path], seed: int) -> list[str]:
    victims, top = context
    chance = random.Random(seed)
    return kills.flaws(victims[chance.choice(sorted(victims))], top / f"killed-{seed}", chance)


def _kills(known: run.Past, top: Path, count: int) -> int:
    """Kill commands, print what is wrong with what they leave, and return in how many cases something is."""
    fleet = top / "fleet"
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for arguments in (
            ("new", str(fleet), "--defaults"),
            ("add", "team", "checkout", "--repository", str(fleet)),
            ("add", "app", "payments", "--team", "checkout", "--repository", str(fleet)),
        ):
            assert main(arguments) == 0
    run.commit(fleet)
    old = run.committed(known, "v1.0.0", top / "old")
    roots = {deed: old if deed == "update" else fleet for deed in kills.DEEDS}
    victims = {deed: kills.victim(root, deed, top / f"after-{deed}") for deed, root in roots.items()}
    found = list(workers.each(_killed, (victims, top), range(count), workers.default_jobs(), "kills"))
    for seed, flaws in enumerate(found):
        for flaw in flaws:
            print(f"kill {seed}: {flaw}")
    bad = sum(bool(flaws) for flaws in found)
    print(f"kills: {bad} of {count} leave something half done, or no way on")
    return bad


def _older(top: Path) -> int:
    """Update every example from every older version, print what is not as new, and return for how many."""
    engines = {name.partition("-")[0] for name in older.examples()}
    templates = {engine: versions.write(top / engine / "template.git", engine) for engine in sorted(engines)}
    cases = [(name, version) for name in older.examples() for version in versions.VERSIONS[:-1]]
    found = list(workers.each(_aged, (templates, cases, top), range(len(cases)), workers.default_jobs(), "examples"))
    for (name, version), paths in zip(cases, found, strict=True):
        for path in paths:
            print(f"{name} of {version}: {path} is not as a new one is")
    bad = sum(bool(paths) for paths in found)
    print(f"examples of older versions: {bad} of {len(cases)} differ from new ones")
    return bad


def _aged(context: tuple[dict[str, dict[str, Template]], list[tuple[str, str]], Path], number: int) -> list[str]:
    templates, cases, top = context
    example, version = cases[number]
    return older.differing(example, version, templates[example.partition("-")[0]], top / f"{example}-{version}")


def _main(arguments: Sequence[str]) -> int:
    count, plain, killed = (int(argument) for argument in arguments)
    with tempfile.TemporaryDirectory(prefix="histories-") as directory:
        top = Path(directory)
        (top / "gitconfig").write_text(_CONFIG)
        os.environ |= {"GIT_CONFIG_GLOBAL": str(top / "gitconfig"), "GIT_CONFIG_NOSYSTEM": "1", "HOME": directory}
        with run.past(top / "past") as known:
            bad = _told(known, top, count, plain=False)
            _told(known, top, plain, plain=True)
            bad += _kills(known, top, killed)
        bad += _older(top)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
