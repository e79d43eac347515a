"""The files of a directory: which are loaded, which only known, and which skipped by name."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from scaffold.discover.stamps import Stamp, stamped
from scaffold.model import Skipped

CHART_INSIDES = frozenset(("templates", "charts", "crds", "files"))
_YAML = (".yaml", ".yml")
LARGEST = 20 * 1024 * 1024


@dataclass
class Walk:
    """What was found so far; `filled` are the directories with a file, `shared` those that charts link to."""

    yaml: dict[str, Stamp] = field(default_factory=dict)
    others: dict[str, Stamp] = field(default_factory=dict)
    directories: set[str] = field(default_factory=lambda: {""})
    skipped: list[Skipped] = field(default_factory=list)
    charts: set[str] = field(default_factory=set)
    filled: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)


def enter(root: Path, directory: str, files: list[os.DirEntry[str]], walk: Walk, *, inside: bool) -> None:
    """Take in the files of a directory; `inside` one of a chart none is loaded."""
    prefix = f"{directory}/" if directory else ""
    for entry in files:
        path = prefix + entry.name
        if entry.is_symlink():
            _link(root, path, walk)
            continue
        loaded = not inside and (entry.name.endswith(_YAML) or entry.name == "Kustomization")
        try:
            found = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue  # it was there a moment ago
        if stat.S_ISREG(found.st_mode):
            _add(path, found, walk, loaded=loaded)
        else:  # reading a pipe would wait for ever
            walk.skipped.append(Skipped(path, "neither a file nor a directory; remove it"))


def _add(path: str, found: os.stat_result, walk: Walk, *, loaded: bool) -> None:
    if loaded and found.st_size > LARGEST:
        loaded = False
        reason = f"larger than {LARGEST >> 20} MiB; split it, or keep it out of the repository"
        walk.skipped.append(Skipped(path, reason))
    (walk.yaml if loaded else walk.others)[path] = stamped(found)


def _link(root: Path, path: str, walk: Walk) -> None:
    """Follow a link to a file inside the root; name one that leads elsewhere."""
    target = Path(os.path.realpath(root / path))
    if not target.is_relative_to(os.path.realpath(root)):
        walk.skipped.append(Skipped(path, "a link that leaves the repository; put the file itself there"))
        return
    if target.is_dir():
        walk.directories.add(path)
        walk.filled.add(path)
        above, _, name = path.rpartition("/")
        if name in CHART_INSIDES and above in walk.charts:
            walk.shared.add(os.path.relpath(target, os.path.realpath(root)))
    elif target.exists():
        _add(path, target.stat(), walk, loaded=target.is_file() and path.endswith(_YAML))
    else:
        walk.skipped.append(Skipped(path, "a link to a file that is not there; remove it or put the file back"))
