"""`make release VERSION=0.2.0`: a commit, a tag and the packages of one version, whole or not at all.

Everything is made in a clone; only what came out right is taken over. `check` tells what a release would mean,
`--dry-run` makes it and takes nothing over.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from release import replay, texts
from release.replay import Findings
from scaffold import git
from scaffold.errors import ScaffoldError

_PROJECT = Path(__file__).parent.parent.parent


def _main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make release", description=__doc__.splitlines()[0])
    parser.add_argument("version", nargs="?", default="", help="the version to release; without one, only look")
    parser.add_argument("--dry-run", action="store_true", help="make it in a clone and take nothing over")
    given = parser.parse_args(arguments)
    try:
        return _released(given.version, dry_run=given.dry_run) if given.version else _looked()
    except ScaffoldError as error:
        print(f"release: error: {error}", file=sys.stderr)
        return 2


def _looked() -> int:
    """Compare with the last version, and replay the answers of all earlier ones."""
    versions = replay.released(_PROJECT)
    if not versions:
        print("no version is released yet, so there is nothing to compare with")
        return 0
    found = _found(versions)
    if found.flaws:
        print("nothing can be released before the flaws are mended")
        return 1
    print(f"the next version is {texts.least(versions[-1].removeprefix('v'), breaks=bool(found.breaks))} or later")
    return 0


def _found(versions: Sequence[str]) -> Findings:
    """What was found since the last version, printed; of the ones before only flaws count."""
    found = replay.since(_PROJECT, versions[-1], clusters=True)
    for version in reversed(versions[:-1]):
        found.flaws += [f"since {version}: {flaw}" for flaw in replay.since(_PROJECT, version, clusters=False).flaws]
    found.flaws = list(dict.fromkeys(found.flaws))
    print(f"since {versions[-1]}:")
    for kind, lines in (("flaw", found.flaws), ("breaks", found.breaks), ("news", found.news)):
        for line in lines:
            print(f"  {kind}: {line}")
    if not (found.flaws or found.breaks or found.news):
        print("  no question, and no file comes, goes or moves")
    return found


def _released(version: str, *, dry_run: bool) -> int:
    _refuse_unready(version)
    with tempfile.TemporaryDirectory() as directory:
        clone, dist = Path(directory, "clone"), Path(directory, "dist")
        git.run(_PROJECT, "clone", "--quiet", str(_PROJECT), str(clone))
        texts.raise_version(clone, version, datetime.now(UTC).date().isoformat())
        _run(clone, "tests/examples.py", *sorted(path.name for path in (clone / "examples").iterdir()))
        _run(clone, "tests/readme.py")
        git.run(clone, "add", "--all")
        git.commit(clone, f"Release {version}")
        git.run(clone, "tag", "--annotate", f"v{version}", "--message", f"Version {version}")
        _run(clone, "-m", "hatchling", "build", "--directory", str(dist))
        wanted = {f"v{version}", *replay.released(_PROJECT)}
        _refuse_incomplete(clone, dist, wanted)
        print(git.run(clone, "show", "--stat", "--format=%s", "HEAD").strip())
        if dry_run:
            print("nothing is taken over, because of --dry-run")
            return 0
        names = _take_over(clone, dist, version)
    print(f"next: git push origin HEAD v{version}, then upload {' and '.join(f'dist/{name}' for name in names)}")
    return 0


def _refuse_unready(version: str) -> None:
    wanted = texts.number(version)
    if git.run(_PROJECT, "status", "--porcelain").strip():
        raise ScaffoldError("there are changes that are not committed; commit or undo them first")
    versions = replay.released(_PROJECT)
    if f"v{version}" in git.run(_PROJECT, "tag", "--list").split():
        raise ScaffoldError(f"version {version} is released; choose a later one")
    if not versions:
        return
    found = _found(versions)
    if found.flaws:
        raise ScaffoldError("the template has flaws since then; mend them first")
    least = texts.least(versions[-1].removeprefix("v"), breaks=bool(found.breaks))
    if wanted < texts.number(least):
        raise ScaffoldError(f"version {version} does not say what changes; release {least} or later")


def _run(clone: Path, *arguments: str) -> None:
    """Run Python in the clone, with the clone's own modules."""
    path = os.pathsep.join((str(clone), str(clone / "tests")))
    environment = {**os.environ, "PYTHONPATH": path}
    program = [sys.executable, *arguments]
    done = subprocess.run(program, cwd=clone, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or done.stdout.strip().splitlines() or ["no reason given"])[-1]
        raise ScaffoldError(f"'{' '.join(arguments)}' failed, {said}; nothing is released")


def _refuse_incomplete(clone: Path, dist: Path, wanted: set[str]) -> None:
    """What an installed wheel cannot find in its bundle, no repository of that version can be updated from."""
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        bundle = archive.extract("scaffold/template.bundle", dist / "unpacked")
    listed = git.run(clone, "bundle", "list-heads", bundle).split()
    missing = sorted(wanted - {name.removeprefix("refs/tags/") for name in listed})
    if missing:
        raise ScaffoldError(f"the wheel's bundle has not {', '.join(missing)}; nothing is released")


def _take_over(clone: Path, dist: Path, version: str) -> list[str]:
    """Make what came out right ours; give the names of the packages."""
    git.run(_PROJECT, "fetch", "--quiet", str(clone), "HEAD", f"refs/tags/v{version}:refs/tags/v{version}")
    git.run(_PROJECT, "merge", "--quiet", "--ff-only", f"v{version}")
    (_PROJECT / "dist").mkdir(exist_ok=True)
    packages = sorted((*dist.glob("*.whl"), *dist.glob("*.tar.gz")))
    for path in packages:
        shutil.move(path, _PROJECT / "dist" / path.name)
    return [path.name for path in packages]


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
