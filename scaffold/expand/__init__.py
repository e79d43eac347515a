"""Argo CD's own logic, offline and exact: what an ApplicationSet generates, what an AppProject permits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scaffold.expand.unverifiable import UnverifiableError
from scaffold.expand.view import ClusterEntry, TreeView

if TYPE_CHECKING:
    from scaffold.expand.expansion import Expansion

__all__ = ["ClusterEntry", "TreeView", "UnverifiableError", "expand"]


def expand(application_set: Mapping[str, Any], view: TreeView) -> Expansion:
    """Resolve an ApplicationSet over a tree; never raises for what the user wrote."""
    from scaffold.expand import expansion  # which most that only ask for a permission do not need

    return expansion.expand(application_set, view)
