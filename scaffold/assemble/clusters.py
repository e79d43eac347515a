"""The declared clusters as Argo CD has them registered."""

from __future__ import annotations

from scaffold.expand.view import ClusterEntry
from scaffold.model import Conventions


def registered(known: Conventions) -> tuple[ClusterEntry, ...] | None:
    """The clusters by the names that Argo CD uses, or None where nothing says that they are all."""
    if not known.declared or not known.clusters:
        return None
    return tuple(ClusterEntry(c.argocd_name or c.name, c.server, dict(c.labels)) for c in known.clusters)
