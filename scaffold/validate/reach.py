"""What of the files of an overlay that cannot be built here its kustomizations may change."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from scaffold import load
from scaffold.model import Head, Kustomization, LocatedFinding, Manifest, Overlay, Repository, dig, sequence

PATCHING = ("patches", "patchesJson6902", "patchesStrategicMerge")
_NAMESPACE = "namespace"
ADDING = ("components", _NAMESPACE, *PATCHING, "replacements", "transformers")
_KIND = re.compile(r"(?m)^kind: (\w+)")


class Reach(NamedTuple):
    """The files whose objects may have more than is seen: all, where Flux patches any; or but a namespace."""

    everything: bool
    files: frozenset[str]
    namespaced: frozenset[str]

    @classmethod
    def of(cls, repository: Repository, overlay: Overlay) -> Reach:
        known = repository.kustomizations
        levels = [known[directory] for directory in load.closure(overlay.path, known)[0]]
        adding = [each for each in levels if any(each.manifest.get(field) for field in ADDING if field != _NAMESPACE)]
        named = [each for each in levels if each.manifest.get(_NAMESPACE)]
        below = {path for each in adding for path in _within_reach(repository, each)}
        moved = {path for each in named for path in load.read_by(each.directory, known)}
        sync = overlay.build.manifest if overlay.build else None
        if sync and sync.get("spec", "targetNamespace"):
            moved.update(overlay.reads)
        kinds = _kinds_of_sync(sync) if sync else frozenset[str | None]()
        below.update(path for path in overlay.reads if _declares(repository, path, kinds))
        return cls(None in kinds, frozenset(below), frozenset(moved))

    def may_mend(self, finding: LocatedFinding) -> bool:
        """Tell whether what is not seen may be why a finding is none."""
        path = finding.location.path
        return self.everything or path in self.files or (path in self.namespaced and _NAMESPACE in finding.message)


def _within_reach(repository: Repository, level: Kustomization) -> Iterator[str]:
    """The files below a kustomization whose objects it may change: of the kinds of its patches, where each says one."""
    kinds = _patched_kinds(repository, level)
    for path in load.read_by(level.directory, repository.kustomizations):
        if None in kinds or _declares(repository, path, kinds):
            yield path


def _declares(repository: Repository, path: str, kinds: frozenset[str | None]) -> bool:
    """Tell whether a file declares an object of some kinds."""
    heads = repository.files[path].heads if path in repository.files else ()
    return not kinds.isdisjoint(head.kind for head in heads)


def _kinds_of_sync(sync: Manifest) -> frozenset[str | None]:
    """The kinds that the patches of a Kustomization of Flux change; None is among them where it may be any."""
    if sync.get("spec", "components"):
        return frozenset((None,))
    return frozenset(kind for entry in sequence(sync.get("spec", "patches")) for kind in _kinds_of(entry, ()))


def _patched_kinds(repository: Repository, level: Kustomization) -> frozenset[str | None]:
    """The kinds that a kustomization changes; None is among them where it does not say, or changes any."""
    if any(level.manifest.get(field) for field in ADDING if field not in (_NAMESPACE, *PATCHING)):
        return frozenset((None,))
    entries = [entry for field in PATCHING for entry in sequence(level.manifest.get(field))]
    return frozenset(kind for entry in entries for kind in _kinds_of(entry, _heads(repository, level, entry)))


def _kinds_of(entry: Any, heads: Iterable[Head]) -> list[str | None]:
    """The kinds that a patch changes, which may be a file with some objects."""
    kind = dig(entry, "target", "kind")
    if isinstance(kind, str) and kind.isalpha():
        return [kind]
    if dig(entry, "target") is not None:
        return [None]
    written = entry if isinstance(entry, str) else str(dig(entry, "patch") or "")
    return [head.kind for head in heads] or [*_KIND.findall(written)] or [None]


def _heads(repository: Repository, level: Kustomization, entry: Any) -> tuple[Head, ...]:
    written = entry if isinstance(entry, str) else str(dig(entry, "path") or "")
    path = posixpath.normpath(posixpath.join(level.directory, written))
    return repository.files[path].heads if path in repository.files else ()
