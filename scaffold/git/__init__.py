"""What Git knows; the only package that starts git."""

from __future__ import annotations

from scaffold.git.ignoring import Ignored, would_ignore
from scaffold.git.naming import (
    Standing,
    address,
    branch,
    checked_out,
    default,
    full_name,
    origin,
    remote,
    standing,
    tip,
    tree_names,
)
from scaffold.git.running import attempt, author, commit, environment, reason, run
from scaffold.git.work_tree import top

__all__ = [
    "Ignored",
    "Standing",
    "address",
    "attempt",
    "author",
    "branch",
    "checked_out",
    "commit",
    "default",
    "environment",
    "full_name",
    "origin",
    "reason",
    "remote",
    "run",
    "standing",
    "tip",
    "top",
    "tree_names",
    "would_ignore",
]
