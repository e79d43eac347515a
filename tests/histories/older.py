"""Every example as an older template would have written it, updated: it equals what the newest one writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import versions
from running import files

from scaffold import answers, generate, git, staging, update
from scaffold.generate import Generator
from scaffold.template import Template
from scaffold.update import Request, moves

_EXAMPLES = Path(__file__).parent.parent.parent / "examples"
NEWEST = versions.VERSIONS[-1]


def examples() -> list[str]:
    """The names of the examples; what stands before the first dash is the engine."""
    return sorted(path.name for path in _EXAMPLES.iterdir())


def differing(example: str, version: str, templates: Mapping[str, Template], root: Path) -> list[str]:
    """The files in which an example of one version, updated, is not as one of the newest; below `root`."""
    with generate.generators([templates[version], templates[NEWEST]]) as made:
        for name in (version, NEWEST):
            _write(root / name, example, made[templates[name]])
        git.run(root / version, "init", "--quiet")
        update.plan(Request((root / version,), NEWEST), made).write("update")
    updated, fresh = files(root / version), files(root / NEWEST)
    return sorted(path for path in {*updated, *fresh} if updated.get(path) != fresh.get(path))


def _write(root: Path, example: str, made: Generator) -> None:
    declared = made.source(moves.FILE)
    for directory, given in _recorded(_EXAMPLES / example):
        renamed = moves.between("", declared, given).carried(given)
        staging.files(root / directory, made.render(renamed))


def _recorded(root: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    for path in sorted(root.rglob(answers.NAME)):
        yield path.parent.relative_to(root).as_posix(), answers.read(path.parent).answers
