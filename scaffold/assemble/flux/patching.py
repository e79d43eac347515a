"""Whether a cluster of Flux patches whatever Kustomizations it has, so that their files may lack what it adds."""

from __future__ import annotations

from collections.abc import Iterable

from scaffold.model import FluxCluster, Manifest, mapping, sequence
from scaffold.model.flux import SYNC


def are_patched(clusters: Iterable[FluxCluster]) -> bool:
    """Tell whether a patch has Kustomizations for a target, and no name."""
    return any(_patches(sync.manifest) for cluster in clusters for sync in cluster.syncs)


def _patches(maker: Manifest) -> bool:
    patches = map(mapping, sequence(maker.get("spec", "patches")))
    targets = [mapping(patch.get("target")) for patch in patches]
    return any(target.get("kind") == SYNC[1] and not target.get("name") for target in targets)
