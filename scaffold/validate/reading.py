"""The files of a repository for commands that check nothing."""

from __future__ import annotations

from scaffold.cache import Cache
from scaffold.discover import Tree
from scaffold.model import SourceFile
from scaffold.validate import sources, versions


def files(tree: Tree, cache: Cache, jobs: int) -> dict[str, SourceFile]:
    """Every YAML file of a tree, those that did not change since the last run from the cache."""
    read = sources.read(tree, (), cache, f"files:{versions.of_code()}", jobs)
    return {path: item.file for path, item in read.items()}
