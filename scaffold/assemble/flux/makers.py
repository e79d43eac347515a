"""Which overlay makes each object of a cluster."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from scaffold.assemble.flux.builds import Built
from scaffold.model import FluxCluster, Manifest, Overlay, Repository


def key(cluster: str, manifest: Manifest) -> tuple[str, str, str, str]:
    """What tells a Kustomization from all others, those of a cluster without a name too."""
    return cluster, manifest.namespace, manifest.name, manifest.path


def told(cluster: FluxCluster, names: Mapping[tuple[str, str, str, str], str]) -> FluxCluster:
    """The cluster with objects that say by which overlay they are built, so that what that sets is found there.

    Each Kustomization says which overlay it builds.
    """

    def named(manifest: Manifest) -> Manifest:
        if not isinstance(manifest, Built) or manifest.maker is None:
            return manifest
        return dataclasses.replace(manifest, overlay=names.get(key(cluster.name, manifest.maker), ""))

    syncs = tuple(
        dataclasses.replace(
            sync, manifest=named(sync.manifest), overlay=names.get(key(cluster.name, sync.manifest), "")
        )
        for sync in cluster.syncs
    )
    return dataclasses.replace(cluster, objects=tuple(map(named, cluster.objects)), syncs=syncs)


def sync(repository: Repository, overlay: Overlay) -> Manifest | None:
    """The Kustomization that builds an overlay, which knows what makes it, so that what patches it is found."""
    return repository.once(_syncs).get(overlay.name) or (overlay.build.manifest if overlay.build else None)


def _syncs(repository: Repository) -> Mapping[str, Manifest]:
    return {sync.overlay: sync.manifest for cluster in repository.flux for sync in cluster.syncs if sync.overlay}
