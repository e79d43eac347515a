"""Two states of a repository, rendered: what changes where, and what of it is dangerous."""

from __future__ import annotations

from pathlib import Path

from scaffold.compare.differences import differences
from scaffold.compare.nouns import Change, Comparison, Danger, Difference
from scaffold.compare.reach import reached
from scaffold.compare.sides import sides
from scaffold.validate import Options, without_collection

__all__ = ["Change", "Comparison", "Danger", "Difference", "compare", "reached"]


def compare(root: Path, before: str, after: str, options: Options) -> Comparison:
    """Render what differs between a commit and another, or the files as they are where `after` is empty.

    Only overlays that read a changed file, or are built otherwise, are rendered. Raises ToolError for an unknown
    revision, and NothingCheckedError where there is no manifest.
    """
    with without_collection(), sides(root, before, after, options) as found:
        known, rendered = differences(found, options)
        return Comparison(before, after, known, rendered, len(found.after.repository.overlays))
