"""Root to tree: which files and directories there are, without reading any of them."""

from __future__ import annotations

from scaffold.discover.entries import LARGEST
from scaffold.discover.stamps import RACY, Stamp, stamp
from scaffold.discover.trees import Tree, joined, nothing
from scaffold.discover.walking import tree

KUSTOMIZATION_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")

__all__ = ["KUSTOMIZATION_NAMES", "LARGEST", "RACY", "Stamp", "Tree", "joined", "nothing", "stamp", "tree"]
