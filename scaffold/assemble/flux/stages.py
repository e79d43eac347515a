"""The environment that an object of Flux is for: its cluster's, or, on a hub, that of what builds it."""

from __future__ import annotations

from scaffold.assemble import ranks
from scaffold.model import FluxCluster, Manifest


def environment(cluster: FluxCluster, manifest: Manifest) -> str:
    """The name that stands in the promotion order; nothing where none does."""
    names = (cluster.name.rpartition("/")[2], *manifest.overlay.split(" ")[0].split("/"), manifest.namespace)
    return next((name for name in names if ranks.rank(name) is not None), "")


def key(manifest: Manifest) -> str:
    """What an object is called in all environments: some are namespaces of a hub."""
    namespace = "" if ranks.rank(manifest.namespace) is not None else manifest.namespace
    return f"{namespace}/{manifest.name}"
