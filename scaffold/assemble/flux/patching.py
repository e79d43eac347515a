"""The kinds that a cluster of Flux patches wherever it builds them, so that their files may lack what it adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scaffold.model import FluxCluster, Sync, mapping, sequence
from scaffold.model.values import text


def patched(clusters: Iterable[FluxCluster]) -> tuple[str, ...]:
    """The kinds in lower case, of the patches whose target has no name."""
    return tuple(sorted({kind for cluster in clusters for sync in cluster.syncs for kind in _kinds(sync)}))


def _kinds(sync: Sync) -> Iterator[str]:
    for patch in sequence(sync.manifest.get("spec", "patches")):
        target = mapping(mapping(patch).get("target"))
        if target.get("kind") and not target.get("name"):
            yield text(target["kind"]).lower()
