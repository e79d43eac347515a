"""Argo CD's own logic, offline and exact: what an ApplicationSet generates, what an AppProject permits."""

from scaffold.expand.expansion import Expansion, Problem, expand
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.expand.view import ClusterEntry, TreeView

__all__ = ["ClusterEntry", "Expansion", "Problem", "TreeView", "UnverifiableError", "expand"]
