"""Builds that are begun before the rules are even imported, where the last run tells which ones a change asks for.

A process of kustomize lasts as long as the imports do, and a machine with two cores does both at once.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scaffold import discover
from scaffold.discover import Tree
from scaffold.model import How, Overlay
from scaffold.render import RenderError, kustomize
from scaffold.render.builders import Builder
from scaffold.validate import versions, wide
from scaffold.validate.outcome import Prepared

_FEW = 4  # overlays that one process checks as fast as several that have to be started


class Ahead:
    """The builds that run, by the directories of their overlays, and the tree that they began with."""

    def __init__(self, tree: Tree, builder: Builder, running: Mapping[str, kustomize.Batch]) -> None:
        self._tree, self._builder, self._running = tree, builder, running

    def taken(self, builder: Builder, overlays: Sequence[Overlay]) -> dict[str, list[Any] | RenderError] | None:
        """What the directories of overlays were built to; None where one was not begun, or not so."""
        if builder != self._builder or not all(item.path in self._running and _built(item) for item in overlays):
            return None
        found = {item.path: self._running[item.path].results()[item.path] for item in overlays}
        return found if all(self._stands(path) for item in overlays for path in item.reads) else None

    def _stands(self, path: str) -> bool:
        """Tell whether a file is as it was: what the build has read is then what has been read since."""
        known = self._tree.yaml.get(path) or self._tree.others.get(path)
        return discover.stamp(self._tree.root / path) == known


@contextlib.contextmanager
def begun(prepared: Prepared) -> Iterator[Ahead]:
    """Begin what the files that are younger than the last run ask for; it is ended where nobody takes it."""
    key, code, started = f"last:{prepared.tree.root}", versions.of_code(), time.time_ns()
    # A plan that other code has kept may lack what this code asks of it.
    known, seen = prepared.cache.get(key) or ("", 0)
    with contextlib.ExitStack() as stack:
        yield _begun(prepared, seen, stack) if known == code else Ahead(prepared.tree, prepared.builder, {})
    prepared.cache.put_many({key: (code, started)})


def _begun(prepared: Prepared, seen: int, stack: contextlib.ExitStack) -> Ahead:
    tree = prepared.tree
    changed = {path for stamps in (tree.yaml, tree.others) for path, stamp in stamps.items() if stamp.changed > seen}
    plan = wide.kept(tree, prepared.cache) if changed else None
    if plan is None:
        return Ahead(tree, prepared.builder, {})
    builder = plan.fitting(prepared.builder)
    touched = [item for item in plan.overlays.values() if _built(item) and not changed.isdisjoint(item.reads)]
    running: dict[str, kustomize.Batch] = {}
    for item in touched if len(touched) <= (_FEW if prepared.options.jobs > 1 else 0) else ():
        if batch := kustomize.begin(builder, tree.root, item.path):
            running[item.path] = stack.enter_context(batch)
    return Ahead(tree, builder, running)


def _built(overlay: Overlay) -> bool:
    return overlay.how is How.KUSTOMIZE and not overlay.error and not overlay.skipped
