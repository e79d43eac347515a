"""What stands beside an object of Flux where a repository holds a part of a cluster only: nothing begins it here."""

from __future__ import annotations

from scaffold.model import FluxCluster, Manifest, Overlay, Repository


def around(repository: Repository, cluster: FluxCluster, manifest: Manifest) -> list[Overlay]:
    """The overlays that render an object; none where one of them could not be built, or where the cluster is told."""
    return [] if cluster.syncs else makers(repository, manifest)


def makers(repository: Repository, manifest: Manifest) -> list[Overlay]:
    """The overlays that render an object, of whatever cluster; none where one of them could not be built."""
    found = [overlay for overlay in repository.overlays.values() if manifest.path in overlay.reads]
    return [] if any(overlay.error or overlay.skipped for overlay in found) else found


def beside(repository: Repository, cluster: FluxCluster, manifest: Manifest, kind: str) -> set[str]:
    """The names of a kind that those render in the namespace of the object, as long as each renders any."""
    found, itself = [], (manifest.kind, manifest.name)
    for overlay in around(repository, cluster, manifest):
        own = {item.namespace for item in overlay.objects if (item.kind, item.name) == itself}
        found.append({item.name for item in overlay.objects if item.kind == kind and item.namespace in own})
    return set().union(*found) if all(found) else set()
