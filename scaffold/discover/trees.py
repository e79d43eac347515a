"""Trees: what a walk found, of one repository or of several beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scaffold import git
from scaffold.discover.stamps import Stamp
from scaffold.errors import NothingCheckedError
from scaffold.model import Skipped


@dataclass(frozen=True)
class Tree:
    """Every file and directory below a root, by path relative to it; `yaml` are the files to be loaded.

    `beside` are the directories of other repositories whose files are among them.
    """

    root: Path
    yaml: Mapping[str, Stamp]
    others: Mapping[str, Stamp]
    directories: frozenset[str]
    skipped: tuple[Skipped, ...] = ()
    charts: frozenset[str] = frozenset()
    beside: tuple[str, ...] = ()

    @cached_property
    def standing(self) -> Mapping[str, git.Standing]:
        """What Git calls the repository and those beside it, by directory; asked once."""
        return {directory: git.standing(self.root / directory) for directory in ("", *self.beside)}


def joined(main: Tree, others: Mapping[str, Tree]) -> Tree:
    """One tree with the files of others, by the directories in which they stand, relative to the first one's root."""
    yaml, rest = dict(main.yaml), dict(main.others)
    directories, charts, skipped = set(main.directories), set(main.charts), list(main.skipped)
    for directory, other in others.items():
        yaml.update({f"{directory}/{path}": stamp for path, stamp in other.yaml.items()})
        rest.update({f"{directory}/{path}": stamp for path, stamp in other.others.items()})
        directories.update(f"{directory}/{path}".rstrip("/") for path in other.directories)
        charts.update(f"{directory}/{path}".rstrip("/") for path in other.charts)
        skipped += [Skipped(f"{directory}/{item.path}", item.reason) for item in other.skipped]
    found = (frozenset(directories), tuple(skipped), frozenset(charts), tuple(others))
    return Tree(main.root, dict(sorted(yaml.items())), dict(sorted(rest.items())), *found)


def nothing(root: Path, tree: Tree) -> NothingCheckedError:
    """Why nothing can be done with a tree without manifests; `root` is where the user has it."""
    fact = f"no manifest stands below {str(root)!r}"
    charts = sorted(tree.charts)
    if not charts:
        return NothingCheckedError(f"{fact}; name the directory that holds them")
    only = f"the chart {charts[0] or '.'!r}" if len(charts) == 1 else f"charts, such as {charts[0] or '.'!r}"
    return NothingCheckedError(f"{fact}, only {only}, which no engine deploys; 'gitops-scaffold adopt' takes it in")
