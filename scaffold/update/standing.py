"""Where the layers of a repository stand: their template's version, answers of their own, files edited since."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from scaffold import answers, generate, staging, template, workers
from scaffold.generate import Generator
from scaffold.staging import Content
from scaffold.update import layer as rendering
from scaffold.update import layers
from scaffold.update.layers import Layer

_LABEL = "rendering layers"
_FEW = 8  # with fewer layers, to start a process takes longer than it saves
_OWN = frozenset(("kind", "environments"))  # what a layer says for itself, a part of the fleet's environments for one


class Edited(NamedTuple):
    """A file of the template that is not as it was generated: `state` is changed, deleted or replaced.

    Replaced means that a link or a directory stands there, or another mode.
    """

    path: str
    state: str


@dataclass(frozen=True)
class Standing:
    """One layer; `differing` maps an answer to its value here and in the fleet."""

    layer: Layer
    differing: Mapping[str, tuple[Any, Any]]
    edited: tuple[Edited, ...]


def standing(paths: Sequence[Path], jobs: int) -> tuple[Standing, ...]:
    """Where the layers at some paths stand; raises ScaffoldError as `layers.find`, and for a version out of reach."""
    found = layers.find(paths)
    fleet = next((each.recorded.answers for each in found.layers if each.recorded.answers["kind"] == "fleet"), {})
    recorded = functools.cache(template.recorded)
    sources = {each: recorded(each.recorded.address, each.recorded.version) for each in found.chosen}
    with generate.generators(sources.values()) as made:
        steps = [(each, made[sources[each]]) for each in found.chosen]
        first = steps[:1]  # what it opens, the forked workers share
        edits = [_edited(found.root, *step) for step in first]
        rest = steps[1:]
        edits += workers.each(_one, (found.root, rest), range(len(rest)), jobs if len(rest) > _FEW else 1, _LABEL)
    pairs = zip(found.chosen, edits, strict=True)
    return tuple(Standing(each, _differing(each, fleet), tuple(edited)) for each, edited in pairs)


def _one(context: tuple[Path, Sequence[tuple[Layer, Generator]]], number: int) -> list[Edited]:
    root, steps = context
    return _edited(root, *steps[number])


def _differing(each: Layer, fleet: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    own = each.recorded.answers
    shared = sorted((own.keys() & fleet.keys()) - _OWN)
    return {name: (own[name], fleet[name]) for name in shared if own[name] != fleet[name]}


def _edited(root: Path, each: Layer, made: Generator) -> list[Edited]:
    written = rendering.rendered(made, each, each.recorded.answers)
    return list(_compared(root, each, made, written))


def _compared(root: Path, each: Layer, made: Generator, written: Mapping[str, Content]) -> Iterator[Edited]:
    for path, content in sorted(written.items()):
        if path == answers.NAME or made.is_seeded(path):
            continue
        name = each.at(path)
        here = root / name
        present = staging.read(here) if here.is_file() or here.is_symlink() else None
        if present is None:
            yield Edited(name, "replaced" if here.is_dir() else "deleted")
        elif present != content:
            yield Edited(name, "changed" if present.data != content.data else "replaced")
