"""One history: a repository at an old version, edited at random, updated to a newer one."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from histories import bundle, edits, fate
from histories.edits import Edit
from scaffold import generate, git, staging, update
from scaffold.generate import Generator
from scaffold.staging import Content
from scaffold.template import Template
from scaffold.update import Request

_STEPS = (("v1.0.0", "v1.1.0"), ("v1.1.0", "v2.0.0"), ("v1.0.0", "v2.0.0"))


@dataclass(frozen=True)
class Past:
    """The template, opened once for all histories, and a repository that was generated at each of its versions."""

    made: Mapping[Template, Generator]
    fresh: Mapping[str, Path]
    trees: Mapping[str, Mapping[str, Content]]


@dataclass(frozen=True)
class Begun:
    """A repository that people have edited, before its update."""

    root: Path
    old: str
    new: str
    done: list[Edit]

    def moved(self, path: str) -> str:
        return bundle.moved(path, self.old, self.new)


@contextmanager
def past(directory: Path) -> Iterator[Past]:
    """Make the template and its repositories."""
    templates = bundle.write(directory / "template.git")
    with generate.generators(templates.values()) as made:
        fresh = {version: directory / version for version in templates}
        for version, template in templates.items():
            bundle.generate_into(fresh[version], made[template])
        yield Past(made, fresh, {version: staging.tree(root) for version, root in fresh.items()})


def begin(known: Past, seed: int, root: Path) -> Begun:
    """A repository at one version, with the edits that a seed makes."""
    chance = random.Random(seed)
    old, new = chance.choice(_STEPS)
    shutil.copytree(known.fresh[old], root, symlinks=True)
    return Begun(root, old, new, edits.apply(root, chance, chance.randint(1, 14)))


def losses(known: Past, seed: int, root: Path) -> list[str]:
    """What one history loses, in words; nothing, if the update does what it must."""
    begun = begin(known, seed, root)
    outcome = update.plan(Request((root,), begun.new), known.made)
    outcome.write("update")
    reported = {conflict.path for conflict in outcome.conflicts}
    return list(fate.losses(root, begun.done, reported, known.trees[begun.new], begun.moved))


def committed(known: Past, version: str, root: Path) -> Path:
    """A repository at one version, with a commit."""
    shutil.copytree(known.fresh[version], root, symlinks=True)
    git.run(root, "init", "--quiet")
    commit(root)
    return root


def losses_of_copier(known: Past, seed: int, root: Path) -> list[str]:
    """The edits that the same history loses with `copier update` of one layer after the other.

    Reported is what Git lists as unmerged: Copier itself ends with success.
    """
    import copier

    begun = begin(known, seed, root)
    git.run(root, "init", "--quiet")
    commit(root)
    reported: set[str] = set()
    for directory in bundle.LAYERS:
        copier.run_update(
            root / directory,
            defaults=True,
            overwrite=True,
            vcs_ref=begun.new,
            settings=copier.Settings(),
            quiet=True,
        )
        reported |= set(filter(None, git.run(root, "diff", "--name-only", "--diff-filter=U", "-z").split("\0")))
        commit(root)
    found = fate.losses(root, begun.done, reported, known.trees[begun.new], begun.moved)
    return [loss for loss in found if "not edited" not in loss]


def commit(root: Path) -> None:
    """Commit everything."""
    git.run(root, "add", "--all")
    git.run(root, "commit", "--quiet", "--allow-empty", "--message", "A state")
