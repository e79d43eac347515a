"""Files to one repository: conventions, kustomizations, what the engine will create, which directories are built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scaffold.discover import Tree
    from scaffold.model import Repository, SourceFile
    from scaffold.render.builders import Builder
    from scaffold.settings import Settings


def repository(
    tree: Tree,
    files: Mapping[str, SourceFile],
    settings: Settings,
    builder: Builder | None = None,
    *,
    flux: bool = True,
) -> Repository:
    """Everything that rules of the scope `repository` see, but for what rendering adds.

    `builder` builds what is needed to know what Flux builds; without one it is looked for where there is any Flux.
    Without `flux` nothing is built, and overlays are what directories say.
    """
    from scaffold.assemble import whole  # which a run does not wait for that remembers the result

    return whole.repository(tree, files, settings, builder, walk=flux)
