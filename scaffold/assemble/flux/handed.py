"""Patches that several Kustomizations of Flux are given by one above them: each is for what some of them build."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from scaffold import load
from scaffold.model import Manifest, Repository, Sync, sequence
from scaffold.model.flux import SYNC

_FIELDS = ("patches", "patchesJson6902")


def others(repository: Repository, sync: Manifest, entry: Any) -> tuple[Sync, ...]:
    """The other Kustomizations that are given a patch as one is; none where that stands in its own file."""
    key = _key(entry)
    if (sync.name, key) in repository.once(_own):
        return ()
    return tuple(each for each in repository.once(_given).get(key, ()) if each.manifest is not sync)


def _own(repository: Repository) -> frozenset[tuple[str, str]]:
    """The patches that stand in files, each with the name of its Kustomization."""
    files = (file for file in repository.files.values() if any((h.group, h.kind) == SYNC for h in file.heads))
    parts = (part for file in files for whole in file.manifests() for part in load.members(whole))
    return frozenset((part.name, key) for part in parts for key in _keys(part))


def _given(repository: Repository) -> dict[str, list[Sync]]:
    found: dict[str, list[Sync]] = {}
    for sync in (sync for cluster in repository.flux for sync in cluster.syncs):
        for key in set(_keys(sync.manifest)):
            found.setdefault(key, []).append(sync)
    return found


def _keys(manifest: Manifest) -> Iterator[str]:
    yield from (_key(entry) for field in _FIELDS for entry in sequence(manifest.get("spec", field)))


def _key(entry: Any) -> str:
    return json.dumps(entry, sort_keys=True, default=str)
