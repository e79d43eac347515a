"""The declared clusters as an Argo CD has them registered."""

from __future__ import annotations

from scaffold.expand.view import IN_CLUSTER_NAME, IN_CLUSTER_SERVER, ClusterEntry
from scaffold.model import Conventions


def registered(known: Conventions) -> tuple[ClusterEntry, ...] | None:
    """The clusters by the names that Argo CD uses, or None where nothing says that they are all.

    Where each cluster has an Argo CD of its own, that one knows no other.
    """
    if not known.declared or not known.clusters:
        return None
    if known.per_cluster:
        return (ClusterEntry(IN_CLUSTER_NAME, IN_CLUSTER_SERVER),)
    return tuple(ClusterEntry(c.argocd_name or c.name, c.server, dict(c.labels)) for c in known.clusters)
